import { defineAlertHandler, option } from '@supercap/alerting';
import { property } from '@supercap/pipeline';
import { anyEntries, jsonEntries } from './properties';

export const serviceNow = defineAlertHandler({
  kind: 'servicenow',
  summary: 'Send the alert to the event management of ServiceNow.',
  since: '1.5.7',
  script: {
    name: 'serviceNow',
    goType: '*pipeline.ServiceNowHandler',
    args: {},
    properties: {
      uRL: property.value('string', 'Address of the event API. The configured one unless given.'),
      username: property.value('string', 'Kept for compatibility: the configured one is used.'),
      password: property.value('string', 'Kept for compatibility: the configured one is used.'),
      source: property.value('string', 'The source. The configured one unless given.'),
      node: property.value('string', 'Template of the node.'),
      type: property.value('string', 'Template of the type.'),
      resource: property.value('string', 'Template of the resource.'),
      metricName: property.value('string', 'Template of the name of the metric.'),
      messageKey: property.value('string', 'Template of the message key. The alert id unless given.'),
      additionalInfo: anyEntries('Adds a member to the additional information.'),
    },
    toOptions: (given) => ({
      url: given.uRL,
      username: given.username,
      password: given.password,
      source: given.source,
      node: given.node,
      type: given.type,
      resource: given.resource,
      metricname: given.metricName,
      messagekey: given.messageKey,
      additional_info: jsonEntries(given.additionalInfo),
    }),
  },
  topic: {
    goType: '*servicenow.HandlerConfig',
    options: {
      url: option.string('Address of the event API.'),
      username: option.string('Kept for compatibility: the configured one is used.'),
      password: option.string('Kept for compatibility: the configured one is used.', { secret: true }),
      source: option.string('The source.'),
      node: option.string('Template of the node.'),
      type: option.string('Template of the type.'),
      resource: option.string('Template of the resource.'),
      metricname: option.string('Template of the name of the metric.', { aliases: ['metric_name', 'metric-name'] }),
      messagekey: option.string('Template of the message key.', { aliases: ['message_key', 'message-key'] }),
      additional_info: option.map('Additional information; text is a template.', {
        aliases: ['additionalinfo', 'additional-info'],
      }),
    },
  },
});
