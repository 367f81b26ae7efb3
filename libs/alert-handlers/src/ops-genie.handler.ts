import { defineAlertHandler, option } from '@supercap/alerting';
import { property } from '@supercap/pipeline';
import { unlessEmpty } from './properties';

export const opsGenie = defineAlertHandler({
  kind: 'opsgenie',
  summary: 'Send the alert to OpsGenie, first version of its API.',
  script: {
    name: 'opsGenie',
    goType: '*pipeline.OpsGenieHandler',
    args: {},
    properties: {
      teams: property.list('string', 'Teams to tell. The configured ones unless given.'),
      recipients: property.list('string', 'People to tell. The configured ones unless given.'),
    },
    toOptions: (given) => ({
      'teams-list': unlessEmpty(given.teams),
      'recipients-list': unlessEmpty(given.recipients),
    }),
  },
  topic: {
    goType: '*opsgenie.HandlerConfig',
    options: {
      'teams-list': option.strings('Teams to tell.'),
      'recipients-list': option.strings('People to tell.'),
    },
  },
});
