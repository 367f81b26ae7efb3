import { type FieldValue, Layout, Point, type Time } from '@supercap/data-model';
import type { NodeRuntime } from '@supercap/pipeline';
import { type Kind, kindOf } from './column';
import { ColumnReader } from './column-reader';
import type { FunctionOptions } from './function-properties';

type Value = number | bigint | string | boolean;

/** What a function remembers is plain data: made anew for every batch, kept for ever on a stream. */
interface TransformState<M> {
  kind: Kind | undefined;
  memory: M | undefined;
}

export const transformState = <M>(): TransformState<M> => ({ kind: undefined, memory: undefined });

interface Transform<O, M> {
  readonly name: string;
  readonly kinds: readonly Kind[];
  start(): M;
  /** All values that one memory sees have one type. Undefined for no result. */
  step(options: O): (memory: M, value: Value, time: Time) => FieldValue | undefined;
}

/** Gives at most one value for each value, on the same kind of edge. */
export function transformRuntime<O extends FunctionOptions, M>({
  name,
  kinds,
  start,
  step: stepFor,
}: Transform<O, M>): NodeRuntime<O, undefined, TransformState<M>> {
  return {
    kind: 'receiver',
    create({ options, report }) {
      const reader = new ColumnReader(name, options.field, kinds, report);
      const layout = Layout.of([options.as]);
      const step = stepFor(options);
      const apply = (point: Point, state: TransformState<M>): Point | undefined => {
        const value = reader.accept(point, state.kind);
        if (value === undefined) return undefined;
        if (state.memory === undefined) {
          state.kind = kindOf(value);
          state.memory = start();
        }
        const result = step(state.memory, value, point.time);
        if (result === undefined) return undefined;
        const { group } = point;
        return new Point(point.name, '', '', group, group.tags, layout, [result], point.time);
      };
      return {
        point: apply,
        batch(batch) {
          const state = transformState<M>();
          const points: Point[] = [];
          for (const point of batch.points) {
            const result = apply(point, state);
            if (result !== undefined) points.push(result);
          }
          return batch.withPoints(points);
        },
      };
    },
  };
}
