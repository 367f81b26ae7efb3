import { defineAlertHandler, option } from '@supercap/alerting';
import { property } from '@supercap/pipeline';
import { ifSet } from './properties';

export const telegram = defineAlertHandler({
  kind: 'telegram',
  summary: 'Send the alert message to a Telegram chat.',
  script: {
    name: 'telegram',
    goType: '*pipeline.TelegramHandler',
    args: {},
    properties: {
      chatId: property.value('string', 'The chat. The configured one unless given.'),
      parseMode: property.value('string', '`Markdown` or `HTML`.'),
      disableWebPagePreview: property.flag('Shows no previews of links.'),
      disableNotification: property.flag('Makes no sound.'),
    },
    toOptions: (given) => ({
      'chat-id': given.chatId,
      'parse-mode': given.parseMode,
      'disable-web-page-preview': ifSet(given.disableWebPagePreview),
      'disable-notification': ifSet(given.disableNotification),
    }),
  },
  topic: {
    goType: '*telegram.HandlerConfig',
    options: {
      'chat-id': option.string('The chat.'),
      'parse-mode': option.string('`Markdown` or `HTML`.'),
      'disable-web-page-preview': option.bool('Shows no previews of links.'),
      'disable-notification': option.bool('Makes no sound.'),
    },
  },
});
