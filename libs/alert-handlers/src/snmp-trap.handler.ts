import { defineAlertHandler, option } from '@supercap/alerting';
import { arg, property } from '@supercap/pipeline';

interface TrapData {
  readonly oid: string;
  readonly type: string;
  readonly value: string;
}

const TYPES = ['c', 'i', 'n', 's', 't'];

function problemOf(oid: string, data: readonly TrapData[]): string | undefined {
  if (oid === '') return 'you must supply a trap Oid';
  const odd = data.find(({ type }) => !TYPES.includes(type));
  return odd === undefined ? undefined : `unsupported data type "${odd.type}" for data entry "${odd.oid}"`;
}

export const snmpTrap = defineAlertHandler({
  kind: 'snmptrap',
  summary: 'Send an SNMP trap.',
  script: {
    name: 'snmpTrap',
    goType: '*pipeline.SNMPTrapHandler',
    args: { trapOid: arg('string', 'OID of the trap.') },
    properties: {
      data: property.method<readonly TrapData[]>({
        summary: 'Adds a variable to the trap.',
        parameters: [
          { type: 'string', summary: 'OID of the variable.' },
          { type: 'string', summary: 'Its type: c, i, n, s or t.' },
          { type: 'string', summary: 'Template of its value.' },
        ],
        initial: [],
        apply: (current, given) => {
          const [oid, type, value] = given as readonly string[];
          return [...current, { oid: oid!, type: type!, value: value! }];
        },
      }),
    },
    validate: ({ trapOid, data }) => {
      const problem = problemOf(trapOid, data);
      return problem === undefined ? undefined : `invalid SNMP trap "${trapOid}": ${problem}`;
    },
    toOptions: (given) => ({
      'trap-oid': given.trapOid,
      'data-list': given.data.length === 0 ? undefined : given.data,
    }),
  },
  topic: {
    goType: '*snmptrap.HandlerConfig',
    options: {
      'trap-oid': option.string('OID of the trap.'),
      'data-list': option.records('Variables of the trap.', {
        oid: option.string('OID of the variable.'),
        type: option.string('Its type: c, i, n, s or t.'),
        value: option.string('Template of its value.'),
      }),
    },
  },
  validate: (options) => problemOf(options['trap-oid'], options['data-list']),
});
