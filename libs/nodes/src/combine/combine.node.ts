import { Batch, type Group, Point, roundTime, type Time } from '@supercap/data-model';
import type { LambdaState } from '@supercap/lambda';
import { defineNode, property, restArg } from '@supercap/pipeline';
import { compileOrRefuse, failureOf } from '../where/condition';
import { assign, binomial, combinedPoint, subsets } from './combinations';

interface CombineState {
  name: string;
  lambdas: LambdaState[] | undefined;
  /** The rounded time of the points. */
  time: Time;
  points: Point[];
}

/** That are made of the points of one time, whatever `max` says. */
const MOST_COMBINATIONS = 10_000_000n;

export const combine = defineNode({
  name: 'combine',
  goType: '*pipeline.CombineNode',
  summary: 'Combine points of one time with each other, each in the role of a condition that it fulfils.',
  edge: { wants: 'any', provides: 'stream' },
  args: { lambdas: restArg('lambda', 'A condition for each role.') },
  properties: {
    as: property.list('string', 'The prefix of the fields and tags of each role.'),
    delimiter: property.value('string', 'What stands between prefix and name.', { default: '.' }),
    tolerance: property.value('duration', 'Times are rounded to multiples of this before they are compared.', {
      default: 0n,
    }),
    max: property.value('int', 'The most combinations of one time; more stop the task.', { default: 1_000_000n }),
  },
  validate({ lambdas, as, delimiter }) {
    if (as.length === 0) return 'a call to combine.as() is required to specify the output stream prefixes.';
    if (as.length !== lambdas.length) {
      return 'number of prefixes specified by combine.as() must match the number of combine expressions';
    }
    const seen = new Set<string>();
    for (const name of as) {
      if (name === '') return 'must provide a prefix name for the combine node, see .as() property method';
      if (name.includes(delimiter)) {
        return `cannot use name ${name} as field prefix, it contains the delimiter character ${delimiter}`;
      }
      if (seen.has(name)) return 'cannot use the same prefix name see .as() property method';
      seen.add(name);
    }
    return undefined;
  },
  shared: () => ({ nested: undefined as (readonly LambdaState[])[] | undefined }),
  state: (): CombineState => ({ name: '', lambdas: undefined, time: 0n, points: [] }),
  runtime: {
    kind: 'receiver',
    create(context) {
      const { options, report, out } = context;
      const { delimiter, tolerance, max } = options;
      const conditions = options.lambdas.map((lambda, i) =>
        compileOrRefuse(lambda, `Failed to compile ${i} expression`),
      );
      context.shared.nested ??= conditions.map((condition) => condition.newShared());
      const prefixes = options.as.map((name) => name + delimiter);

      function fits(role: number, point: Point, state: CombineState): boolean {
        try {
          return conditions[role]!.predicate(point, state.lambdas![role]!, context.shared.nested![role]!);
        } catch (thrown) {
          report('error evaluating lambda expression', failureOf(thrown));
          return false;
        }
      }

      /** Combines what there is and starts anew. */
      function combine(state: CombineState, group: Group): void {
        const { name, time, points } = state;
        const count = conditions.length;
        state.points = [];
        // Conditions are looked at, and their errors counted, however few points there are.
        const matches = conditions.map((_, role) => points.map((point) => fits(role, point, state)));
        if (points.length < count) return;
        const total = binomial(points.length, count);
        if (total > max) {
          context.fail(
            `refusing to perform combination as total combinations ${total} exceeds max combinations ${max}`,
          );
        }
        // `max` may be set to anything; this would keep every other task waiting for seconds.
        if (total > MOST_COMBINATIONS) {
          report(
            'failed to combine points',
            `${total} combinations of ${points.length} points are more than ${MOST_COMBINATIONS}`,
          );
          return;
        }
        for (const chosen of subsets(points.length, count)) {
          const roles = assign(chosen, matches);
          if (roles === undefined) continue;
          const inRoles = roles.map((at) => points[at]!);
          out.send(combinedPoint(inRoles, prefixes, { name, group, time }));
        }
      }

      /** The name of the first point or batch: a group may begin with a barrier, which has none. */
      function nameFirst(state: CombineState, { name }: Point | Batch): void {
        if (state.name === '') state.name = name;
      }

      function add(point: Point, state: CombineState, group: Group): void {
        const time = roundTime(point.time, tolerance);
        if (time !== state.time) combine(state, group);
        state.time = time;
        state.points.push(point);
      }

      return {
        openGroup(_group, state) {
          state.lambdas ??= conditions.map((condition) => condition.newState());
        },
        point(point, state) {
          nameFirst(state, point);
          add(point, state, point.group);
          return undefined;
        },
        batch(batch, state) {
          nameFirst(state, batch);
          for (const point of batch.points) add(point, state, batch.group);
          combine(state, batch.group);
          return undefined;
        },
      };
    },
  },
  examples: [
    {
      script: `|combine(lambda: "role" == 'web', lambda: "role" == 'db').as('web', 'db')`,
      input: 'm,role=web v=1 0\nm,role=db v=2 0\nm,role=web v=3 1',
      output: 'm,db.role=db,web.role=web db.v=2,web.v=1 0',
    },
  ],
  since: '1.0.0',
});
