import { defineAlertHandler, option } from '@supercap/alerting';
import { property } from '@supercap/pipeline';

export const discord = defineAlertHandler({
  kind: 'discord',
  summary: 'Post the alert message to a Discord channel.',
  since: '1.5.6',
  script: {
    name: 'discord',
    goType: '*pipeline.DiscordHandler',
    args: {},
    properties: {
      workspace: property.value('string', 'Which configured workspace. The default one unless given.'),
      username: property.value('string', 'Name of the author.'),
      avatarURL: property.value('string', 'Picture of the author.'),
      embedTitle: property.value('string', 'Template of the title.'),
    },
    toOptions: (given) => ({
      workspace: given.workspace,
      username: given.username,
      'avatar-url': given.avatarURL,
      'embed-title': given.embedTitle,
    }),
  },
  topic: {
    goType: '*discord.HandlerConfig',
    options: {
      workspace: option.string('Which configured workspace.'),
      username: option.string('Name of the author.'),
      'avatar-url': option.string('Picture of the author.'),
      'embed-title': option.string('Template of the title.'),
    },
  },
});
