import { arg, defineNode, property } from '@supercap/pipeline';
import type { Lambda } from '@supercap/tickscript';
import { validateDimensions } from '../group-by/dimensions';
import { bothLambdas } from '../where/both-lambdas';

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
