import { defineAlertHandler, option } from '@supercap/alerting';
import { property } from '@supercap/pipeline';

export const pushover = defineAlertHandler({
  kind: 'pushover',
  summary: 'Send the alert message through Pushover.',
  script: {
    name: 'pushover',
    goType: '*pipeline.PushoverHandler',
    args: {},
    properties: {
      userKey: property.value('string', 'User or group key. The configured one unless given.'),
      device: property.value('string', 'Devices of the user, separated by commas.'),
      title: property.value('string', 'Title of the message.'),
      uRL: property.value('string', 'A link to go with the message.'),
      uRLTitle: property.value('string', 'Title of the link.'),
      sound: property.value('string', 'Name of the sound.'),
    },
    toOptions: (given) => ({
      'user-key': given.userKey,
      device: given.device,
      title: given.title,
      url: given.uRL,
      'url-title': given.uRLTitle,
      sound: given.sound,
    }),
  },
  topic: {
    goType: '*pushover.HandlerConfig',
    options: {
      'user-key': option.string('User or group key.', { secret: true }),
      device: option.string('Devices of the user, separated by commas.'),
      title: option.string('Title of the message.'),
      url: option.string('A link to go with the message.'),
      'url-title': option.string('Title of the link.'),
      sound: option.string('Name of the sound.'),
    },
  },
});
