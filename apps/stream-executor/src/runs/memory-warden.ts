import type { Dataflow } from '@supercap/dataflow';

const LOOK_MS = 1000;
/** After so long the loop gets a turn. */
const SLICE_MS = 5;
/** Groups of a node that are looked at in one go. */
const GROUPS = 5000;

/** Looks at what the tasks hold, once a second: those that hold more than they may stop themselves. */
export class MemoryWarden {
  private timer: NodeJS.Timeout | undefined;
  private closed = false;
  /** Messages that a task had seen when it was last looked at: where none came, nothing has grown. */
  private readonly seen = new WeakMap<Dataflow, number>();

  constructor(private readonly dataflows: () => Iterable<Dataflow>) {}

  start(): void {
    this.timer = setTimeout(() => void this.look(), LOOK_MS);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  private async look(): Promise<void> {
    let began = performance.now();
    for (const dataflow of [...this.dataflows()]) {
      const messages = dataflow.messages;
      if (this.seen.get(dataflow) === messages) continue;
      this.seen.set(dataflow, messages);
      dataflow.checkMemory(GROUPS);
      if (performance.now() - began < SLICE_MS) continue;
      await new Promise((resolve) => setImmediate(resolve));
      if (this.closed) return;
      began = performance.now();
    }
    if (!this.closed) this.start();
  }
}
