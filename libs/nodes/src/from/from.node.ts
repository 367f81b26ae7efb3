import { Dimensions, nilGroup, Point, roundTime, truncateTime } from '@supercap/data-model';
import type { LambdaState } from '@supercap/lambda';
import { arg, defineNode, property } from '@supercap/pipeline';
import type { Lambda } from '@supercap/tickscript';
import { dimensionsOf, validateDimensions } from '../group-by/dimensions';
import { bothLambdas } from '../where/both-lambdas';
import { compileOrRefuse, failureOf } from '../where/condition';

export const from = defineNode({
  name: 'from',
  legacyPrefix: 'stream',
  goType: '*pipeline.FromNode',
  summary: 'Select points of a stream by database, retention policy, measurement and condition, and group them.',
  edge: { wants: 'stream', provides: 'stream' },
  chainsFrom: ['stream', 'from'],
  args: {},
  properties: {
    database: property.value('string', 'Only points of this database; any when empty.', { default: '' }),
    retentionPolicy: property.value('string', 'Only points of this retention policy; any when empty.', { default: '' }),
    measurement: property.value('string', 'Only points of this measurement; any when empty.', { default: '' }),
    where: property.method<Lambda | undefined>({
      summary: 'Only points for which the condition holds. Several conditions must all hold.',
      parameters: [arg('lambda', 'The condition.')],
      initial: undefined,
      apply: (current, [condition]) => bothLambdas(current, condition as Lambda),
    }),
    groupBy: property.list('any', 'Group by these tags, or by all of them with `*`.'),
    groupByMeasurement: property.flag('Group by the measurement, too.'),
    truncate: property.value('duration', 'Round the time down to a multiple of this.', { default: 0n }),
    round: property.value('duration', 'Round the time to the nearest multiple of this, halves up.', { default: 0n }),
  },
  validate: ({ groupBy }) => validateDimensions(groupBy),
  // The condition's functions count over all points: a `from` knows no groups.
  shared: () => ({
    lambda: undefined as LambdaState | undefined,
    nested: undefined as readonly LambdaState[] | undefined,
  }),
  runtime: {
    kind: 'receiver',
    create(context) {
      const { options, report } = context;
      const { database, retentionPolicy, measurement, truncate, round } = options;
      const dimensions = dimensionsOf(options.groupBy, options.groupByMeasurement);
      const condition =
        options.where === undefined ? undefined : compileOrRefuse(options.where, 'Failed to compile from expression');
      context.shared.lambda ??= condition?.newState();
      context.shared.nested ??= condition?.newShared();

      return {
        close: () => dimensions.retire(),
        point(point) {
          const { name, db, rp, tags, layout, values } = point;
          if (database !== '' && db !== database) return undefined;
          if (retentionPolicy !== '' && rp !== retentionPolicy) return undefined;
          if (measurement !== '' && name !== measurement) return undefined;
          if (condition !== undefined) {
            try {
              if (!condition.predicate(point, context.shared.lambda!, context.shared.nested!)) return undefined;
            } catch (thrown) {
              report('failed to evaluate WHERE expression', failureOf(thrown));
              return undefined;
            }
          }
          const group = dimensions === Dimensions.none ? nilGroup : tags.groupFor(dimensions, name);
          const time = roundTime(truncateTime(point.time, truncate), round);
          if (group === point.group && time === point.time) return point;
          return new Point(name, db, rp, group, tags, layout, values, time);
        },
      };
    },
  },
  examples: [
    {
      script: `|from().where(lambda: "host" == 'a').truncate(10s)`,
      input: 'm,host=a v=1 3\nm,host=b v=2 4\nm,host=a v=3 15',
      output: 'm,host=a v=1 0\nm,host=a v=3 10',
    },
  ],
  since: '1.0.0',
});
