import { defineAlertHandler, option } from '@supercap/alerting';
import { property } from '@supercap/pipeline';

export const pagerDuty = defineAlertHandler({
  kind: 'pagerduty',
  summary: 'Send the alert to PagerDuty, first version of its API.',
  script: {
    name: 'pagerDuty',
    goType: '*pipeline.PagerDutyHandler',
    args: {},
    properties: { serviceKey: property.value('string', 'Service key. The configured one unless given.') },
    toOptions: (given) => ({ 'service-key': given.serviceKey }),
  },
  topic: {
    goType: '*pagerduty.HandlerConfig',
    options: { 'service-key': option.string('Service key.', { secret: true }) },
  },
});
