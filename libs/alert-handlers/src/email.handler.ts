import { defineAlertHandler, option } from '@supercap/alerting';
import { restArg } from '@supercap/pipeline';
import { appendingList, unlessEmpty } from './properties';

export const email = defineAlertHandler({
  kind: 'smtp',
  summary: 'Send the details as a mail with the message as its subject.',
  script: {
    name: 'email',
    goType: '*pipeline.EmailHandler',
    args: { addresses: restArg('string', 'Recipients. The configured ones unless given.') },
    properties: {
      to: appendingList('Adds recipients.'),
      toTemplates: appendingList('Adds templates of recipients.', '1.6.3'),
    },
    toOptions: (given) => ({
      to: unlessEmpty([...given.addresses, ...given.to]),
      'to-field': unlessEmpty(given.toTemplates),
    }),
  },
  topic: {
    goType: '*smtp.HandlerConfig',
    options: {
      to: option.strings('Recipients.'),
      'to-field': option.strings('Templates of recipients.', { aliases: ['to-templates'] }),
    },
  },
});
