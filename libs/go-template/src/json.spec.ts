import { DurationValue, Tags, TimeValue } from '@supercap/data-model';
import { describe, expect, it } from 'vitest';
import { toJson } from './json';
import { parseTemplate } from './template';
import { goInt, NamedValue, struct, type TemplateValue } from './value';

describe('json', () => {
  it.each<[TemplateValue, string]>([
    [struct('T', { B: 1n, A: 'x', Sub: struct('S', { N: null }) }), '{"B":1,"A":"x","Sub":{"N":null}}'],
    [{ b: 1.5, a: [goInt(1n), true] }, '{"a":[1,true],"b":1.5}'],
    [new Map([['k', Tags.from({ host: '<a>' })]]), '{"k":{"host":"\\u003ca\\u003e"}}'],
    [new DurationValue(5n), '5'],
    [new TimeValue(500_000_000n), '"1970-01-01T00:00:00.5Z"'],
    [new NamedValue('alert.Level', 3n, 'CRITICAL'), '"CRITICAL"'],
    [9007199254740993n, '9007199254740993'],
    [struct('alert.Data', { ID: 'i' }, { json: () => `{"id":"i"}` }), '{"id":"i"}'],
  ])('of %o is %s', (value, json) => {
    expect(toJson(value)).toBe(json);
  });

  it('ends in a newline in a template, jsonCompact does not', () => {
    const execute = (text: string) => parseTemplate('post', text, { json: true }).execute({ a: 1n });
    expect(execute('{{ json . }}|{{ jsonCompact . }}')).toBe('{"a":1}\n|{"a":1}');
  });

  it('is nothing at all where a float is no number', () => {
    const execute = (value: number) => parseTemplate('post', '[{{ json . }}]', { json: true }).execute({ a: value });
    expect([execute(NaN), execute(Infinity), execute(1)]).toEqual(['[]', '[]', '[{"a":1}\n]']);
  });
});
