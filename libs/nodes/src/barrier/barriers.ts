import { Barrier, type Group, type Time } from '@supercap/data-model';
import type { NodeContext, Receiver } from '@supercap/pipeline';
import type { BarrierState } from './barrier-state';

export interface BarrierOptions {
  readonly idle: bigint;
  readonly period: bigint;
  readonly delete: boolean;
}

/** The receiver of a barrier node: one timer for each group. */
export function barriers(context: NodeContext<BarrierOptions, unknown>): Receiver<BarrierState> {
  const { options, clock, out } = context;
  const { idle } = options;
  const timers = new Map<string, () => void>();

  function arm(group: Group, state: BarrierState, delay: bigint): void {
    timers.set(
      group.id,
      clock.after(delay, () => expire(group, state)),
    );
  }

  function expire(group: Group, state: BarrierState): void {
    if (idle > 0n) {
      // Points only note when they came: the timer looks again when the last of them becomes due.
      const left = state.due - clock.now();
      if (left > 0n) return arm(group, state, left);
    }
    send(group, state, idle > 0n ? state.last + idle : clock.now());
    if (options.delete) context.deleteGroup(group);
    else start(group, state);
  }

  function start(group: Group, state: BarrierState): void {
    state.due = clock.now() + idle;
    arm(group, state, idle > 0n ? idle : options.period);
  }

  function send(group: Group, state: BarrierState, time: Time): void {
    state.passed = time;
    state.last = time;
    out.send(new Barrier(group, time));
  }

  const isLate = (time: Time, { passed }: BarrierState) => passed !== undefined && time < passed;

  function note(time: Time, state: BarrierState): void {
    if (idle === 0n) return;
    state.last = time;
    state.due = clock.now() + idle;
  }

  return {
    openGroup(group, state, first) {
      if (first !== undefined) state.last = clock.now();
      start(group, state);
    },
    point(point, state) {
      if (isLate(point.time, state)) return undefined;
      note(point.time, state);
      return point;
    },
    batch(batch, state) {
      const points =
        state.passed === undefined ? batch.points : batch.points.filter(({ time }) => !isLate(time, state));
      const last = points.at(-1);
      if (last !== undefined) note(last.time, state);
      return points.length === batch.points.length ? batch : batch.withPoints(points);
    },
    barrier(barrier, state) {
      if (isLate(barrier.time, state)) return undefined;
      note(barrier.time, state);
      return barrier;
    },
    deleteGroup(message) {
      timers.get(message.group.id)?.();
      timers.delete(message.group.id);
      return message;
    },
  };
}
