import { defineAlertHandler, nanoseconds, option } from '@supercap/alerting';
import { property } from '@supercap/pipeline';
import { anyEntries, jsonEntries, unlessEmpty } from './properties';

export const alerta = defineAlertHandler({
  kind: 'alerta',
  summary: 'Send the alert to Alerta.',
  script: {
    name: 'alerta',
    goType: '*pipeline.AlertaHandler',
    args: {},
    properties: {
      token: property.value('string', 'API key. The configured one unless given.'),
      resource: property.value('string', 'Template of the resource. The measurement unless given.'),
      event: property.value('string', 'Template of the event. The alert id unless given.'),
      environment: property.value('string', 'Template of the environment.'),
      group: property.value('string', 'Template of the group. The group of the alert unless given.'),
      value: property.value('string', 'Template of the value.'),
      origin: property.value('string', 'The origin. The configured one unless given.'),
      services: property.list('string', 'Services that are affected.'),
      correlated: property.list('string', 'Events that are correlated.', '1.5.8'),
      attribute: anyEntries('Adds an attribute.', '1.6.3'),
      timeout: property.value('duration', 'How long the alert stays without news.'),
    },
    toOptions: (given) => ({
      token: given.token,
      resource: given.resource,
      event: given.event,
      environment: given.environment,
      group: given.group,
      value: given.value,
      origin: given.origin,
      service: unlessEmpty(given.services),
      correlate: unlessEmpty(given.correlated),
      attributes: jsonEntries(given.attribute),
      timeout: given.timeout === undefined ? undefined : nanoseconds(given.timeout),
    }),
  },
  topic: {
    goType: '*alerta.HandlerConfig',
    options: {
      token: option.string('API key.', { secret: true }),
      'token-prefix': option.string('Kind of the API key in the authorization header.'),
      resource: option.string('Template of the resource.', { default: '{{ .Name }}' }),
      event: option.string('Template of the event.', { default: '{{ .ID }}' }),
      environment: option.string('Template of the environment.'),
      group: option.string('Template of the group.', { default: '{{ .Group }}' }),
      value: option.string('Template of the value.'),
      origin: option.string('The origin.'),
      service: option.strings('Templates of the services.'),
      correlate: option.strings('Templates of correlated events.'),
      attributes: option.map('Attributes; text is a template.'),
      timeout: option.duration('How long the alert stays without news.', { default: 86_400_000_000_000n }),
    },
  },
});
