import { type Group, Point, type Time } from '@supercap/data-model';
import { arg, defineNode, type NodeDefinition, type NodeExample, type NodeRuntime } from '@supercap/pipeline';
import { type Column, type Kind, kindOfFirst } from './column';
import { ColumnReader } from './column-reader';
import { FieldRenamer } from './field-renamer';
import { accumulationLimit, type FunctionOptions, functionProperties, goType } from './function-properties';

/** The position of the selected value, -1 for none. */
export type Select = (column: Column) => number;

interface SelectorState {
  name: string | undefined;
  /** Points of one time, on a stream. */
  kept: Point[];
  time: Time;
}

export const selectorState = (): SelectorState => ({ name: undefined, kept: [], time: 0n });

interface Selector<O> {
  readonly name: string;
  readonly kinds: readonly Kind[];
  /** The selected one of some points is all of them that a later selection can need. */
  readonly composable: boolean;
  select(options: O): Select;
}

/** Chooses one point, which comes out with all of its fields and tags. */
export function selectorRuntime<O extends FunctionOptions>({
  name,
  kinds,
  composable,
  select: selectFor,
}: Selector<O>): NodeRuntime<O, undefined, SelectorState> {
  return {
    kind: 'receiver',
    create({ options, report }) {
      const reader = new ColumnReader(name, options.field, kinds, report);
      const renamer = new FieldRenamer(options.field, options.as);
      const select = selectFor(options);
      const choose = (points: readonly Point[]): Point | undefined => {
        const column = reader.read(points);
        return column?.points[select(column)];
      };
      const finish = (chosen: Point | undefined, measurement: string, group: Group, time: Time) => {
        if (chosen === undefined) return undefined;
        const { tags, layout, values } = renamer.rename(chosen);
        return new Point(measurement, '', '', group, tags, layout, values, options.usePointTimes ? chosen.time : time);
      };
      return {
        batch(batch, state) {
          state.name ??= batch.name;
          return finish(choose(batch.points), state.name, batch.group, batch.time);
        },
        point(point, state) {
          let result: Point | undefined;
          if (state.time !== point.time || state.name === undefined) {
            result = finish(choose(state.kept), state.name ?? '', point.group, state.time);
            state.kept = [];
            state.time = point.time;
            state.name = point.name;
          }
          if (reader.accept(point, kindOfFirst(state.kept, options.field)) === undefined) return result;
          if (state.kept.length >= accumulationLimit) {
            report('failed to aggregate point', `more than ${accumulationLimit} points of one time`);
            return result;
          }
          state.kept.push(point);
          if (composable && state.kept.length > 1) state.kept = [choose(state.kept)!];
          return result;
        },
      };
    },
  };
}

interface SelectorDefinition {
  readonly name: string;
  readonly summary: string;
  readonly kinds: readonly Kind[];
  readonly select: Select;
  readonly examples: readonly NodeExample[];
}

/** A selector without arguments but the field. */
export function defineSelector({ name, summary, kinds, select, examples }: SelectorDefinition): NodeDefinition {
  return defineNode({
    name,
    goType,
    summary,
    edge: { wants: 'any', provides: 'stream' },
    args: { field: arg('string', 'The field to select by.') },
    properties: functionProperties(name),
    examples,
    state: selectorState,
    runtime: selectorRuntime({ name, kinds, composable: true, select: () => select }),
  });
}
