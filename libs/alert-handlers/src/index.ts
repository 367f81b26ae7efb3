import type { AlertHandler } from '@supercap/alerting';
import type { HandlerDefinition } from '@supercap/pipeline';
import { aggregate } from './aggregate.handler';
import { alerta } from './alerta.handler';
import { bigPanda } from './big-panda.handler';
import { discord } from './discord.handler';
import { email } from './email.handler';
import { exec } from './exec.handler';
import { hipChat } from './hip-chat.handler';
import { kafka } from './kafka.handler';
import { log } from './log.handler';
import { mqtt } from './mqtt.handler';
import { opsGenie } from './ops-genie.handler';
import { opsGenie2 } from './ops-genie2.handler';
import { pagerDuty } from './pager-duty.handler';
import { pagerDuty2 } from './pager-duty2.handler';
import { post } from './post.handler';
import { publish } from './publish.handler';
import { pushover } from './pushover.handler';
import { sensu } from './sensu.handler';
import { serviceNow } from './service-now.handler';
import { slack } from './slack.handler';
import { snmpTrap } from './snmp-trap.handler';
import { talk } from './talk.handler';
import { tcp } from './tcp.handler';
import { teams } from './teams.handler';
import { telegram } from './telegram.handler';
import { victorOps } from './victor-ops.handler';
import { zenoss } from './zenoss.handler';

/** Every handler, sorted by kind. */
export const alertHandlers: readonly AlertHandler[] = [
  aggregate,
  alerta,
  bigPanda,
  discord,
  exec,
  hipChat,
  kafka,
  log,
  mqtt,
  opsGenie,
  opsGenie2,
  pagerDuty,
  pagerDuty2,
  post,
  publish,
  pushover,
  sensu,
  serviceNow,
  slack,
  email,
  snmpTrap,
  talk,
  tcp,
  teams,
  telegram,
  victorOps,
  zenoss,
];

const byKind = new Map(alertHandlers.map((handler) => [handler.kind, handler]));

/** The handler of a kind, undefined if there is none: `unsupported action kind "x"`. */
export function alertHandler(kind: string): AlertHandler | undefined {
  return byKind.get(kind);
}

/** The handlers that are methods of an alert node. */
export const handlerDefinitions: readonly HandlerDefinition[] = alertHandlers.flatMap(({ script }) => script ?? []);

export * from './system-ports';
