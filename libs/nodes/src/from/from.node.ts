import { Dimensions, nilGroup, Point, roundTime, truncateTime } from '@supercap/data-model';
import { findTagEquality, type LambdaState } from '@supercap/lambda';
import { arg, defineNode, property, type ScriptValue } from '@supercap/pipeline';
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

/** What an index of tasks can know of a `from` without running it. A member that is absent matches everything. */
export interface SourceFilter {
  readonly db?: string;
  readonly rp?: string;
  readonly measurement?: string;
  readonly where?: Lambda;
}

/** `options` are those of a `from` node. */
export function sourceFilter(options: Readonly<Record<string, unknown>>): SourceFilter {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  return {
    db: text(options.database),
    rp: text(options.retentionPolicy),
    measurement: text(options.measurement),
    where: options.where as Lambda | undefined,
  };
}

interface Selection {
  readonly measurement: string;
  readonly dimensions: Dimensions;
}

/**
 * What a `from` does that only selects a measurement and groups; undefined when it does more. Points may then be given
 * to its children directly.
 */
export function plainSource(options: Readonly<Record<string, unknown>>): Selection | undefined {
  return options.where === undefined ? selectionOf(options) : undefined;
}

/** The same of a `from` whose condition is decided by the value of one tag: of points that are known to have it. */
export function tagSource(options: Readonly<Record<string, unknown>>): Selection | undefined {
  const where = options.where as Lambda | undefined;
  return where !== undefined && findTagEquality(where.expression)?.whole === true ? selectionOf(options) : undefined;
}

function selectionOf(options: Readonly<Record<string, unknown>>): Selection | undefined {
  const { database, retentionPolicy, measurement, truncate, round, groupBy, groupByMeasurement } = options;
  const isPlain = database === '' && retentionPolicy === '' && truncate === 0n && round === 0n;
  if (!isPlain || typeof measurement !== 'string') return undefined;
  return { measurement, dimensions: dimensionsOf(groupBy as readonly ScriptValue[], groupByMeasurement === true) };
}
