import { defineAlertHandler, option } from '@supercap/alerting';
import { property } from '@supercap/pipeline';

export const teams = defineAlertHandler({
  kind: 'teams',
  summary: 'Post the alert message to a Microsoft Teams channel.',
  since: '1.5.6',
  script: {
    name: 'teams',
    goType: '*pipeline.TeamsHandler',
    args: {},
    properties: { channelURL: property.value('string', 'Webhook of the channel. The configured one unless given.') },
    toOptions: (given) => ({ 'channel-url': given.channelURL }),
  },
  topic: {
    goType: '*teams.HandlerConfig',
    options: { 'channel-url': option.string('Webhook of the channel.', { secret: true }) },
  },
});
