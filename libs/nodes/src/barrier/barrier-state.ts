import type { Time } from '@supercap/data-model';

export interface BarrierState {
  /** Time of the last point or barrier; the time of creation before there was one. */
  last: Time;
  /** Time of the last barrier sent: nothing earlier passes. */
  passed: Time | undefined;
  /** Wall time at which an idle group gets its barrier. */
  due: Time;
}

export const newBarrierState = (): BarrierState => ({ last: 0n, passed: undefined, due: 0n });
