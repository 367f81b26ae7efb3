import { decodeOptions } from '@supercap/alerting';
import { DefinitionError, type ScriptValue } from '@supercap/pipeline';
import { describe, expect, it } from 'vitest';
import { alertHandler, alertHandlers, handlerDefinitions } from './index';

const sample: Readonly<Record<string, ScriptValue>> = {
  string: 's',
  int: 1n,
  float: 1,
  bool: true,
  duration: 5n,
  any: 'x',
};

/** A value for every argument and property of a handler of scripts. */
function fullOptions(name: string): Record<string, unknown> {
  const { args, properties } = handlerDefinitions.find((handler) => handler.name === name)!;
  const value = (parameter: { type: string; variadic?: boolean }) =>
    parameter.variadic ? [sample[parameter.type]!] : sample[parameter.type]!;
  return Object.fromEntries([
    ...Object.entries(args).map(([key, argument]) => [key, value(argument)]),
    ...Object.entries(properties).map(([key, { parameters, initial, apply }]) => [
      key,
      apply(initial, parameters.map(value) as readonly ScriptValue[]),
    ]),
  ]);
}

describe('the catalog of alert handlers', () => {
  it('is sorted by kind, and every kind and method is there once', () => {
    const kinds = alertHandlers.map(({ kind }) => kind);
    expect(kinds).toEqual([...new Set(kinds)].sort());
    const names = handlerDefinitions.map(({ name }) => name.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    expect(alertHandler('slack')?.script?.name).toBe('slack');
    expect(alertHandler('nope')).toBeUndefined();
  });

  it.each(handlerDefinitions.map(({ name }) => name))(
    '%s: all that a script can say is an option of its kind',
    (name) => {
      const handler = alertHandlers.find(({ script }) => script?.name === name)!;
      const options: unknown = JSON.parse(JSON.stringify(handler.fromScript(fullOptions(name))));
      expect(() => decodeOptions(handler.options, '*x', options)).not.toThrow();
    },
  );

  it.each(handlerDefinitions.map(({ name }) => name))(
    '%s: what a script does not say is left to the settings',
    (name) => {
      const { args, properties } = handlerDefinitions.find((definition) => definition.name === name)!;
      const handler = alertHandlers.find(({ script }) => script?.name === name)!;
      const options = Object.fromEntries([
        ...Object.entries(args).map(([key, { variadic }]) => [key, variadic ? [] : 'x']),
        ...Object.entries(properties).map(([key, { initial }]) => [key, initial]),
      ]);
      const given = Object.keys(handler.fromScript(options));
      expect(given.length).toBeLessThanOrEqual(Object.keys(args).length + (name === 'zenoss' ? 1 : 0));
    },
  );

  it('has texts for what scripts get wrong', () => {
    const validate = (name: string, options: Record<string, unknown>) =>
      handlerDefinitions.find((handler) => handler.name === name)!.validate!(options as never);
    expect(validate('post', { header: { Authenticate: 'x' } })).toBe("invalid post: cannot set 'authenticate' header");
    expect(validate('snmpTrap', { trapOid: '', data: [] })).toBe('invalid SNMP trap "": you must supply a trap Oid');
    expect(validate('snmpTrap', { trapOid: '1.1', data: [{ oid: '1.2', type: 'x', value: '' }] })).toBe(
      'invalid SNMP trap "1.1": unsupported data type "x" for data entry "1.2"',
    );
  });

  it('keeps what several calls of a property add', () => {
    const { properties } = handlerDefinitions.find(({ name }) => name === 'post')!;
    const header = properties['header']!;
    const once = header.apply(header.initial, ['X-Key', 'abc']);
    expect(header.apply(once, ['X-Two', 'd'])).toEqual({ 'X-Key': 'abc', 'X-Two': 'd' });
    const link = handlerDefinitions.find(({ name }) => name === 'pagerDuty2')!.properties['link']!;
    expect(link.apply(link.initial, [['http://x']])).toEqual([{ href: 'http://x', text: 'http://x' }]);
    expect(() => link.apply(link.initial, [[]])).toThrow(DefinitionError);
  });

  it('marks keys and tokens as secret', () => {
    const secrets = alertHandlers.flatMap(({ kind, options }) =>
      Object.entries(options).flatMap(([name, { secret }]) => (secret ? [`${kind}.${name}`] : [])),
    );
    expect(secrets).toEqual([
      'alerta.token',
      'bigpanda.app-key',
      'hipchat.token',
      'pagerduty.service-key',
      'pagerduty2.routing-key',
      'post.headers',
      'pushover.user-key',
      'servicenow.password',
      'teams.channel-url',
    ]);
  });
});
