import { defineAlertHandler, option } from '@supercap/alerting';

/** Passes the event to other topics. Routing does that itself, see `planDeliveries`. */
export const publish = defineAlertHandler({
  kind: 'publish',
  summary: 'Pass the events to other topics.',
  topic: {
    goType: '*alert.PublishHandlerConfig',
    options: { topics: option.strings('The topics.') },
  },
  routes: ({ topics }) => ({ kind: 'publish', topics }),
});
