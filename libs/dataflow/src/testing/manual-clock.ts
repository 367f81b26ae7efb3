import type { Clock } from '@supercap/pipeline';

/** A clock that stands still until it is told to advance. */
export class ManualClock implements Clock {
  private timers: { due: bigint; callback: () => void }[] = [];

  constructor(private time = 1_500_000_000_000_000_000n) {}

  now(): bigint {
    return this.time;
  }

  after(delay: bigint, callback: () => void): () => void {
    const timer = { due: this.time + delay, callback };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Moves on by `ns`, firing what falls due in order. */
  advance(ns: bigint): void {
    const end = this.time + ns;
    for (;;) {
      const next = this.timers.filter(({ due }) => due <= end).sort((a, b) => (a.due < b.due ? -1 : 1))[0];
      if (next === undefined) break;
      this.time = next.due;
      this.timers = this.timers.filter((timer) => timer !== next);
      next.callback();
    }
    this.time = end;
  }
}
