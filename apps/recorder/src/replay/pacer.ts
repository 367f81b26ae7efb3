import type { Time } from '@supercap/data-model';
import { pause } from '../work';

const MILLISECOND = 1_000_000n;
const LONGEST_MS = 2 ** 31 - 1;

/** The clock on the wall, for replays. */
export class Pacer {
  constructor(
    private readonly signal: AbortSignal,
    private readonly milliseconds: () => number = Date.now,
  ) {}

  now(): Time {
    return BigInt(this.milliseconds()) * MILLISECOND;
  }

  isDue(time: Time): boolean {
    return time <= this.now();
  }

  /** Waits until a time has come, or the signal is aborted. */
  async until(time: Time): Promise<void> {
    for (;;) {
      const left = time - this.now();
      if (left <= 0n || this.signal.aborted) return;
      const ms = Number((left + MILLISECOND - 1n) / MILLISECOND);
      await pause(Math.min(ms, LONGEST_MS), this.signal);
    }
  }
}
