import { defineAlertHandler } from '@supercap/alerting';

export const talk = defineAlertHandler({
  kind: 'talk',
  summary: 'Post the alert message to Talk.',
  script: {
    name: 'talk',
    goType: '*pipeline.TalkHandler',
    args: {},
    properties: {},
    toOptions: () => ({}),
  },
  topic: { goType: '*talk.HandlerConfig', options: {} },
});
