import type { Time } from '@supercap/data-model';
import type { Clock } from '@supercap/pipeline';

/** Wall time with nanosecond resolution that never steps back. */
export const systemClock: Clock = {
  now: () => BigInt(Date.now()) * 1_000_000n,
  after(delay, callback) {
    // Longer than a timer can hold: wait in stages.
    const longest = 2_000_000_000;
    const due = Date.now() + Number(delay / 1_000_000n);
    let timer: NodeJS.Timeout;
    const arm = () => {
      const left = due - Date.now();
      timer = left > longest ? setTimeout(arm, longest) : setTimeout(callback, Math.max(0, left));
    };
    arm();
    return () => clearTimeout(timer);
  },
};

/** The clock of one dataflow: its timers wait while the state stands still, and end with the task. */
export class TaskClock implements Clock {
  private readonly cancellations = new Set<() => void>();
  private waiting: (() => void)[] = [];
  private frozen = false;

  constructor(
    private readonly clock: Clock,
    private readonly run: (callback: () => void) => void,
  ) {}

  now(): Time {
    return this.clock.now();
  }

  after(delay: bigint, callback: () => void): () => void {
    let active = true;
    const fire = () => {
      if (!active) return;
      if (this.frozen) {
        this.waiting.push(fire);
        return;
      }
      cancel();
      this.run(callback);
    };
    const stop = this.clock.after(delay, fire);
    const cancel = () => {
      active = false;
      stop();
      this.cancellations.delete(cancel);
    };
    this.cancellations.add(cancel);
    return cancel;
  }

  freeze(): void {
    this.frozen = true;
  }

  thaw(): void {
    this.frozen = false;
    const due = this.waiting;
    this.waiting = [];
    for (const fire of due) fire();
  }

  close(): void {
    for (const cancel of [...this.cancellations]) cancel();
    this.waiting = [];
  }
}
