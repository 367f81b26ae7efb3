import { Barrier, Batch, type Group, type Message, Point, type Time, truncateTime } from '@supercap/data-model';
import type { Output, Receiver } from '@supercap/pipeline';
import { append, dropBefore, newPointBuffer, pointsOf, type PointBuffer } from './point-buffer';

export interface WindowState {
  /** Name of the batches: that of the group's first message. */
  name: string;
  /** When to send next; without `every`, when was last sent. */
  nextEmit: Time;
  /** Points since the last batch of a window by count. */
  count: number;
  buffer: PointBuffer;
}

export function newWindowState(): WindowState {
  return { name: '', nextEmit: 0n, count: 0, buffer: newPointBuffer() };
}

/** The name that a group's batches have when this is its first message. */
export function nameFrom(first: Message): string {
  return first instanceof Point || first instanceof Batch ? first.name : 'barrier';
}

export interface TimeWindowOptions {
  readonly period: bigint;
  readonly every: bigint;
  readonly align: boolean;
  readonly fillPeriod: boolean;
}

export function timeWindow(
  { period, every, align, fillPeriod }: TimeWindowOptions,
  out: Output,
): Receiver<WindowState> {
  const aligned = (time: Time) => (align ? truncateTime(time, every) : time);

  function firstEmit(time: Time): Time {
    if (!fillPeriod) return aligned(time + every);
    const full = time + period;
    const boundary = aligned(full);
    // An aligned window that is to be full is sent strictly after its period.
    return align && boundary <= full ? boundary + every : boundary;
  }

  function emit(state: WindowState, group: Group, time: Time): void {
    out.send(new Batch(state.name, group, time, pointsOf(state.buffer, group)));
  }

  /** Sends the window that has ended, and drops what the next one does not cover. */
  function emitEnded(state: WindowState, group: Group, now: Time): void {
    dropBefore(state.buffer, state.nextEmit - period);
    emit(state, group, state.nextEmit);
    state.nextEmit = aligned(now + every);
    dropBefore(state.buffer, state.nextEmit - period);
  }

  function emitNow(state: WindowState, group: Group, now: Time): void {
    dropBefore(state.buffer, now - period, true);
    emit(state, group, now);
    state.nextEmit = now;
  }

  return {
    openGroup(_group, state, first) {
      if (first === undefined) return;
      state.name = nameFrom(first);
      if (first instanceof Point || first instanceof Barrier) state.nextEmit = firstEmit(first.time);
    },

    point:
      every === 0n
        ? (point, state) => {
            append(state.buffer, point);
            if (point.time >= state.nextEmit) emitNow(state, point.group, point.time);
            return undefined;
          }
        : (point, state) => {
            if (point.time >= state.nextEmit) emitEnded(state, point.group, point.time);
            append(state.buffer, point);
            return undefined;
          },

    // A window answers a barrier with the batch that it completes; the barrier itself ends here.
    barrier(barrier, state) {
      if (barrier.time < state.nextEmit) return undefined;
      if (every === 0n) emitNow(state, barrier.group, barrier.time);
      else emitEnded(state, barrier.group, barrier.time);
      return undefined;
    },
  };
}
