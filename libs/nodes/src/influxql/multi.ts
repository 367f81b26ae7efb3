import { Batch, type FieldValue, type Group, Layout, Point, type Tags, type Time } from '@supercap/data-model';
import type { NodeRuntime } from '@supercap/pipeline';
import { type Column, type Kind, kindOfFirst, valueAt } from './column';
import { ColumnReader } from './column-reader';
import { accumulationLimit, type FunctionOptions } from './function-properties';

interface MultiState {
  name: string | undefined;
  /** Points of one time, on a stream. */
  kept: Point[];
  time: Time;
}

export const multiState = (): MultiState => ({ name: undefined, kept: [], time: 0n });

/** A point of the result. */
export interface Row {
  readonly value: FieldValue;
  readonly time: Time;
  /** Added to those of the group. */
  readonly tags?: Tags;
}

interface Multi<O> {
  readonly name: string;
  readonly kinds: readonly Kind[];
  /** Whether rows always keep their own times. */
  readonly ownTimes?: boolean;
  rows(options: O, report: (cause: string) => void): (column: Column) => readonly Row[];
  /** The positions of those points that a later result can need; all unless given. */
  needed?(options: O): (column: Column) => readonly number[];
}

// How many points of one time are collected on a stream before those that cannot matter are let go.
const compactAt = 1024;

/** Makes many values of many: a batch comes out. */
export function multiRuntime<O extends FunctionOptions>({
  name,
  kinds,
  ownTimes = false,
  rows: rowsFor,
  needed: neededFor,
}: Multi<O>): NodeRuntime<O, undefined, MultiState> {
  return {
    kind: 'receiver',
    create({ options, out, report }) {
      const reader = new ColumnReader(name, options.field, kinds, report);
      const rows = rowsFor(options, (cause) => report('failed to emit batch', cause));
      const needed = neededFor?.(options);
      const layout = Layout.of([options.as]);
      const keepTimes = ownTimes || options.usePointTimes;

      const finish = (points: readonly Point[], measurement: string, group: Group, time: Time) => {
        const column = reader.read(points);
        if (column === undefined) return undefined;
        let tmax = time;
        const results = rows(column).map((row) => {
          const tags = row.tags === undefined ? group.tags : merged(group.tags, row.tags);
          const at = keepTimes ? row.time : time;
          if (at > tmax) tmax = at;
          return new Point(measurement, '', '', group, tags, layout, [row.value], at);
        });
        return new Batch(measurement, group, tmax, results);
      };

      return {
        batch(batch, state) {
          state.name ??= batch.name;
          return finish(batch.points, state.name, batch.group, batch.time);
        },
        point(point, state) {
          if (state.time !== point.time || state.name === undefined) {
            const result = finish(state.kept, state.name ?? '', point.group, state.time);
            if (result !== undefined) out.send(result);
            state.kept = [];
            state.time = point.time;
            state.name = point.name;
          }
          const { kept } = state;
          if (reader.accept(point, kindOfFirst(kept, options.field)) === undefined) return undefined;
          if (kept.length >= accumulationLimit) {
            report('failed to aggregate point', `more than ${accumulationLimit} points of one time`);
            return undefined;
          }
          kept.push(point);
          // Doubling keeps the cost per point constant where most of the points are needed.
          if (needed !== undefined && kept.length >= compactAt && (kept.length & (kept.length - 1)) === 0) {
            const column = reader.read(kept)!;
            state.kept = needed(column).map((index) => column.points[index]!);
          }
          return undefined;
        },
      };
    },
  };
}

function merged(group: Tags, own: Tags): Tags {
  let tags = own;
  for (const [key, value] of group.entries()) tags = tags.with(key, value);
  return tags;
}

export function rowAt(column: Column, index: number): Row {
  return { value: valueAt(column, index), time: column.points[index]!.time };
}
