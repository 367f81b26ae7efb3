import { type FieldValue, type Group, Layout, Point, type Time } from '@supercap/data-model';
import { arg, defineNode, type NodeDefinition, type NodeExample } from '@supercap/pipeline';
import type { Column, Kind } from './column';
import { ColumnReader } from './column-reader';
import { accumulationLimit, functionProperties, goType } from './function-properties';
import { PointColumn } from './point-column';

/** How values become one: the state is plain data, since an accumulation on a stream outlives a snapshot. */
export interface Fold<S> {
  start(): S;
  add(state: S, column: Column): void;
  result(state: S, kind: Kind): FieldValue | undefined;
}

interface Accumulation<S> {
  readonly time: Time;
  readonly name: string;
  kind: Kind | undefined;
  count: number;
  fold: S;
}

interface AggregateState<S> {
  name: string | undefined;
  accumulation: Accumulation<S> | undefined;
}

interface AggregateDefinition<S> {
  readonly name: string;
  readonly summary: string;
  readonly kinds: readonly Kind[];
  readonly fold: Fold<S>;
  /** The result of a batch without values; a batch that has none gives nothing unless this is there. */
  readonly ofNothing?: FieldValue;
  /** The state grows with every value. */
  readonly holdsValues?: boolean;
  readonly examples: readonly NodeExample[];
}

/** A function that makes one value of many and forgets the points. */
export function defineAggregate<S>(definition: AggregateDefinition<S>): NodeDefinition {
  const { name, summary, kinds, fold, ofNothing, holdsValues, examples } = definition;
  return defineNode({
    name,
    goType,
    summary,
    edge: { wants: 'any', provides: 'stream' },
    args: { field: arg('string', 'The field to aggregate.') },
    properties: functionProperties(name),
    examples,
    state: (): AggregateState<S> => ({ name: undefined, accumulation: undefined }),
    runtime: {
      kind: 'receiver',
      create({ options, report }) {
        const reader = new ColumnReader(name, options.field, kinds, report);
        const layout = Layout.of([options.as]);
        const single = new PointColumn();
        const makePoint = (measurement: string, group: Group, time: Time, value: FieldValue) =>
          new Point(measurement, '', '', group, group.tags, layout, [value], time);
        return {
          batch(batch, state) {
            state.name ??= batch.name;
            const column = reader.read(batch.points);
            let value = ofNothing;
            if (column !== undefined) {
              const folded = fold.start();
              fold.add(folded, column);
              value = fold.result(folded, column.kind);
            }
            return value === undefined ? undefined : makePoint(state.name, batch.group, batch.time, value);
          },
          point(point, state) {
            let current = state.accumulation;
            let result: Point | undefined;
            if (current === undefined || current.time !== point.time) {
              if (current?.kind !== undefined) {
                const value = fold.result(current.fold, current.kind);
                if (value !== undefined) result = makePoint(current.name, point.group, current.time, value);
              }
              current = { time: point.time, name: point.name, kind: undefined, count: 0, fold: fold.start() };
              state.accumulation = current;
            }
            const value = reader.accept(point, current.kind);
            if (value === undefined) return result;
            if (holdsValues && current.count >= accumulationLimit) {
              report('failed to aggregate point', `more than ${accumulationLimit} points of one time`);
              return result;
            }
            const column = single.of(point, value);
            fold.add(current.fold, column);
            current.kind = column.kind;
            current.count++;
            return result;
          },
        };
      },
    },
  });
}
