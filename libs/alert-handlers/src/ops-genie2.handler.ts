import { defineAlertHandler, option } from '@supercap/alerting';
import { property } from '@supercap/pipeline';
import { ifSet, unlessEmpty } from './properties';

export const opsGenie2 = defineAlertHandler({
  kind: 'opsgenie2',
  summary: 'Send the alert to OpsGenie.',
  since: '1.5.0',
  script: {
    name: 'opsGenie2',
    goType: '*pipeline.OpsGenie2Handler',
    args: {},
    properties: {
      teams: property.list('string', 'Teams to tell. The configured ones unless given.'),
      recipients: property.list('string', 'People to tell. The configured ones unless given.'),
      recoveryAction: property.value('string', '`notes` or `close`: what happens on recovery.', { since: '1.5.7' }),
      details: property.flag('Sends the details in place of the data.', '1.5.8'),
    },
    toOptions: (given) => ({
      'teams-list': unlessEmpty(given.teams),
      'recipients-list': unlessEmpty(given.recipients),
      recovery_action: given.recoveryAction,
      details: ifSet(given.details),
    }),
  },
  topic: {
    goType: '*opsgenie2.HandlerConfig',
    options: {
      'teams-list': option.strings('Teams to tell.'),
      'recipients-list': option.strings('People to tell.'),
      recovery_action: option.string('`notes` or `close`: what happens on recovery.'),
      details: option.bool('Sends the details in place of the data.'),
    },
  },
});
