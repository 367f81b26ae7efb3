import { defineAlertHandler, option } from '@supercap/alerting';
import { property } from '@supercap/pipeline';
import { anyEntries, jsonEntries } from './properties';

export const bigPanda = defineAlertHandler({
  kind: 'bigpanda',
  summary: 'Send the alert to BigPanda.',
  since: '1.5.8',
  script: {
    name: 'bigPanda',
    goType: '*pipeline.BigPandaHandler',
    args: {},
    properties: {
      appKey: property.value('string', 'App key. The configured one unless given.'),
      host: property.value('string', 'Template of the host.'),
      primaryProperty: property.value('string', 'The property that incidents are named for.'),
      secondaryProperty: property.value('string', 'The property that incidents are told apart by.'),
      attribute: anyEntries('Adds an attribute.', '1.6.3'),
    },
    toOptions: (given) => ({
      'app-key': given.appKey,
      host: given.host,
      'primary-property': given.primaryProperty,
      'secondary-property': given.secondaryProperty,
      attributes: jsonEntries(given.attribute),
    }),
  },
  topic: {
    goType: '*bigpanda.HandlerConfig',
    options: {
      'app-key': option.string('App key.', { secret: true }),
      url: option.string('Address of the alerts API.'),
      host: option.string('Template of the host.'),
      'primary-property': option.string('The property that incidents are named for.'),
      'secondary-property': option.string('The property that incidents are told apart by.'),
      attributes: option.map('Attributes; text is a template.'),
    },
  },
});
