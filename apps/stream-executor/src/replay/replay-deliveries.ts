import type { Delivery, HandlerSpec, RenderedEvent } from '@supercap/alerting';

/** Events that one handler is given at once. */
const CHUNK = 200;
/** Events that may wait before the replay does. */
const MOST_WAITING = 5_000;

/** Gives events to a handler. Rejects when the outcome could not be noted. */
export type Send = (handler: HandlerSpec, events: readonly RenderedEvent[], signal: AbortSignal) => Promise<unknown>;

interface Line {
  readonly handler: HandlerSpec;
  readonly waiting: RenderedEvent[];
}

/** Deliveries of a replay: in memory, each handler's in order, the handlers beside each other, and gone with it. */
export class ReplayDeliveries {
  private readonly lines = new Map<string, Line>();
  private readonly working = new Set<Promise<void>>();
  private readonly closing = new AbortController();
  private waiting = 0;

  constructor(
    private readonly send: Send,
    private readonly failed: (error: unknown) => void,
  ) {}

  take(deliveries: readonly Delivery[]): void {
    for (const { handler, events } of deliveries) {
      this.waiting += events.length;
      const key = `${handler.topic}/${handler.id}`;
      const line = this.lines.get(key);
      if (line !== undefined) {
        line.waiting.push(...events);
        continue;
      }
      const opened: Line = { handler, waiting: [...events] };
      this.lines.set(key, opened);
      const work = this.workOff(key, opened).finally(() => this.working.delete(work));
      this.working.add(work);
    }
  }

  /** Undefined: go on; else wait for it. */
  ready(): Promise<unknown> | undefined {
    return this.waiting < MOST_WAITING ? undefined : this.done();
  }

  /** Resolves when everything that was taken has its outcome. */
  async done(): Promise<void> {
    while (this.working.size > 0) await Promise.all(this.working);
  }

  private async workOff(key: string, { handler, waiting }: Line): Promise<void> {
    // What is published in one turn goes together.
    await Promise.resolve();
    while (waiting.length > 0 && !this.closing.signal.aborted) {
      const events = waiting.splice(0, CHUNK);
      this.waiting -= events.length;
      try {
        await this.send(handler, events, this.closing.signal);
      } catch (error) {
        this.failed(error);
      }
    }
    this.lines.delete(key);
  }

  /** What has no outcome yet gets none. */
  close(): void {
    this.closing.abort();
  }
}
