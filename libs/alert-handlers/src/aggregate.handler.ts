import { aggregateProblem, defineAlertHandler, option } from '@supercap/alerting';

/** Collects events and passes one for all of them to another topic. Routing does that itself, see `planDeliveries` and `collectAggregate`. */
export const aggregate = defineAlertHandler({
  kind: 'aggregate',
  summary: 'Collect the events of an interval into one event for another topic.',
  topic: {
    goType: '*alert.AggregateHandlerConfig',
    options: {
      id: option.string('Id of the event that stands for all.'),
      interval: option.duration('How long events are collected.'),
      topic: option.string('The topic that gets the event.'),
      message: option.string('Template of its message: Count, Interval.', {
        default: 'Received {{ .Count }} events in the last {{.Interval}}.',
      }),
    },
  },
  validate: aggregateProblem,
  routes: (options) => ({ kind: 'aggregate', options }),
});
