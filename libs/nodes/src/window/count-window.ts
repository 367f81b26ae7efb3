import { Batch } from '@supercap/data-model';
import type { Output, Receiver } from '@supercap/pipeline';
import { append, dropToSize, pointsOf } from './point-buffer';
import { nameFrom, type WindowState } from './time-window';

export interface CountWindowOptions {
  readonly periodCount: number;
  readonly everyCount: number;
  readonly fillPeriod: boolean;
}

export function countWindow(
  { periodCount, everyCount, fillPeriod }: CountWindowOptions,
  out: Output,
): Receiver<WindowState> {
  return {
    openGroup(_group, state, first) {
      if (first === undefined) return;
      state.name = nameFrom(first);
      // A window that is to be full is first sent after a whole period.
      if (fillPeriod) state.count = everyCount - periodCount;
    },

    point(point, state) {
      const { buffer } = state;
      append(buffer, point);
      dropToSize(buffer, periodCount);
      if (++state.count < everyCount) return undefined;
      state.count = 0;
      out.send(new Batch(state.name, point.group, point.time, pointsOf(buffer, point.group)));
      return undefined;
    },
  };
}
