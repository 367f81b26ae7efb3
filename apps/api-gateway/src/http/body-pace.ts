/** How fast a body must arrive. */
export interface PaceRule {
  /** On the average since it began. */
  readonly bytesPerSecond: number;
  /** So long nobody is judged. */
  readonly graceMs: number;
}

interface Watched {
  readonly since: number;
  readonly received: () => number;
  readonly slow: () => void;
}

const LOOK_MS = 1000;

/**
 * Finds bodies that arrive too slowly: a client that declares much and sends nothing must not hold a connection, and what
 * belongs to it, for minutes.
 */
export class BodyPace {
  private readonly watched = new Set<Watched>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly rule: PaceRule) {}

  /** Calls `slow` once if the body falls behind; returns the end of the watch. */
  watch(received: () => number, slow: () => void): () => void {
    const one: Watched = { since: performance.now(), received, slow };
    this.watched.add(one);
    this.timer ??= setInterval(() => this.look(performance.now()), LOOK_MS).unref();
    return () => {
      this.watched.delete(one);
      if (this.watched.size > 0) return;
      clearInterval(this.timer);
      this.timer = undefined;
    };
  }

  /** `now`: in milliseconds of the monotonic clock. */
  look(now: number): void {
    const { bytesPerSecond, graceMs } = this.rule;
    for (const one of [...this.watched]) {
      const took = now - one.since;
      if (took <= graceMs || one.received() >= (bytesPerSecond * took) / 1000) continue;
      this.watched.delete(one);
      one.slow();
    }
  }
}
