const VALID_UNTIL = 0;
const RUN = 0;
const BEAT = 1;
/** No run: the loop does something else, or nothing. */
export const NO_RUN = 0;

/**
 * What the loop and its guard, a thread beside it, know of each other: until when the lease stands, which run is in the
 * loop, and that the loop turns.
 */
export class SharedWatch {
  private readonly times: BigInt64Array;
  private readonly marks: Int32Array;

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(16)) {
    this.times = new BigInt64Array(buffer, 0, 1);
    this.marks = new Int32Array(buffer, 8, 2);
  }

  /** Whether the lease stands, by the monotonic clock that all threads of a process share. */
  get leased(): boolean {
    return process.hrtime.bigint() < Atomics.load(this.times, VALID_UNTIL);
  }

  /** Nanoseconds of the monotonic clock; 0n: it does not stand. */
  holdUntil(time: bigint): void {
    Atomics.store(this.times, VALID_UNTIL, time);
  }

  // Plain stores: they come for every point of every run, and whoever looks does so a few times a second.

  enter(run: number): void {
    this.marks[RUN] = run;
  }

  leave(): void {
    this.marks[RUN] = NO_RUN;
  }

  get run(): number {
    return Atomics.load(this.marks, RUN);
  }

  /** The loop has turned. */
  beat(): void {
    Atomics.add(this.marks, BEAT, 1);
  }

  get beats(): number {
    return Atomics.load(this.marks, BEAT);
  }
}
