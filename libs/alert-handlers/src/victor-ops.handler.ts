import { defineAlertHandler, option } from '@supercap/alerting';
import { property } from '@supercap/pipeline';

export const victorOps = defineAlertHandler({
  kind: 'victorops',
  summary: 'Send the alert to VictorOps.',
  script: {
    name: 'victorOps',
    goType: '*pipeline.VictorOpsHandler',
    args: {},
    properties: { routingKey: property.value('string', 'Routing key. The configured one unless given.') },
    toOptions: (given) => ({ 'routing-key': given.routingKey }),
  },
  topic: {
    goType: '*victorops.HandlerConfig',
    options: { 'routing-key': option.string('Routing key.') },
  },
});
