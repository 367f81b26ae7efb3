import { defineAlertHandler, option } from '@supercap/alerting';
import { property } from '@supercap/pipeline';

export const slack = defineAlertHandler({
  kind: 'slack',
  summary: 'Post the alert message to a Slack channel.',
  script: {
    name: 'slack',
    goType: '*pipeline.SlackHandler',
    args: {},
    properties: {
      workspace: property.value('string', 'Which configured workspace. The default one unless given.', {
        since: '1.5.0',
      }),
      channel: property.value('string', 'The channel. The configured one unless given.'),
      username: property.value('string', 'Name of the author.'),
      iconEmoji: property.value('string', 'Picture of the author, an emoji.'),
    },
    toOptions: (given) => ({
      workspace: given.workspace,
      channel: given.channel,
      username: given.username,
      'icon-emoji': given.iconEmoji,
    }),
  },
  topic: {
    goType: '*slack.HandlerConfig',
    options: {
      workspace: option.string('Which configured workspace.'),
      channel: option.string('The channel.'),
      username: option.string('Name of the author.'),
      'icon-emoji': option.string('Picture of the author, an emoji.'),
    },
  },
});
