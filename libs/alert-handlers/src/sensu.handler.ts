import { defineAlertHandler, option } from '@supercap/alerting';
import { property } from '@supercap/pipeline';
import { anyEntries, jsonEntries, unlessEmpty } from './properties';

export const sensu = defineAlertHandler({
  kind: 'sensu',
  summary: 'Send the alert to the Sensu client.',
  script: {
    name: 'sensu',
    goType: '*pipeline.SensuHandler',
    args: {},
    properties: {
      source: property.value('string', 'Template of the source. The configured one unless given.'),
      handlers: property.list('string', 'Sensu handlers. The configured ones unless given.'),
      metadata: anyEntries('Adds a member to the check result.', '1.5.2'),
    },
    toOptions: (given) => ({
      source: given.source,
      handlers: unlessEmpty(given.handlers),
      metadata: jsonEntries(given.metadata),
    }),
  },
  topic: {
    goType: '*sensu.HandlerConfig',
    options: {
      source: option.string('Template of the source.'),
      handlers: option.strings('Sensu handlers.'),
      metadata: option.map('Members to add to the check result.'),
    },
  },
});
