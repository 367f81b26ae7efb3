import { defineAlertHandler, option } from '@supercap/alerting';
import { property } from '@supercap/pipeline';

export const hipChat = defineAlertHandler({
  kind: 'hipchat',
  summary: 'Post the alert message to a HipChat room.',
  script: {
    name: 'hipChat',
    goType: '*pipeline.HipChatHandler',
    args: {},
    properties: {
      room: property.value('string', 'The room. The configured one unless given.'),
      token: property.value('string', 'Authentication token. The configured one unless given.'),
    },
    toOptions: (given) => ({ room: given.room, token: given.token }),
  },
  topic: {
    goType: '*hipchat.HandlerConfig',
    options: {
      room: option.string('The room.'),
      token: option.string('Authentication token.', { secret: true }),
    },
  },
});
