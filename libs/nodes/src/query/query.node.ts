import { arg, defineNode, property } from '@supercap/pipeline';
import { queryRuntime } from './query-runtime';
import { scheduleProperties } from './schedule-properties';

export const query = defineNode({
  name: 'query',
  legacyPrefix: 'batch',
  goType: '*pipeline.QueryNode',
  summary: 'Query InfluxDB on a schedule; every series of the result becomes a batch.',
  edge: { wants: 'any', provides: 'batch' },
  chainsFrom: ['batch'],
  args: {
    query: arg('string', 'An InfluxQL SELECT statement. Its time range and GROUP BY are set by the properties.'),
  },
  properties: {
    ...scheduleProperties,
    period: property.value('duration', 'Length of the queried range.', { default: 0n }),
    groupBy: property.list('any', 'Tags to group by, `*`, and at most one time dimension, e.g. `time(10s)`.'),
    alignGroup: property.flag('Align the groups of time with the start of the queried range.'),
    groupByMeasurement: property.flag('Group the resulting batches by measurement too.'),
    fill: property.value('any', "Value of empty groups: a number, 'null', 'none', 'previous' or 'linear'."),
  },
  runtime: queryRuntime,
});
