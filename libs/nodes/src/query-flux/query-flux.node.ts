import { arg, defineNode, property } from '@supercap/pipeline';
import { scheduleProperties } from '../query/schedule-properties';
import { Schedule, type ScheduleOptions } from '../query/schedule';
import { scheduleRuntime } from '../query/schedule-runtime';

export const queryFlux = defineNode({
  name: 'queryFlux',
  goType: '*pipeline.QueryFluxNode',
  summary: 'Run a Flux script on a schedule; every table of the result becomes a batch.',
  edge: { wants: 'any', provides: 'batch' },
  chainsFrom: ['batch'],
  args: {
    query: arg('string', 'A Flux script. `now()` in it is the time of the run minus the offset.'),
  },
  properties: {
    ...scheduleProperties,
    period: property.value('duration', 'Not used by the script; kept for symmetry with query.', { default: 0n }),
    org: property.value('string', 'Name of the organisation.', { default: '' }),
    orgID: property.value('string', 'Id of the organisation.', { default: '' }),
  },
  runtime: scheduleRuntime<ScheduleOptions & { readonly cluster: string }>((options) => void Schedule.of(options)),
  since: '1.6.0',
});
