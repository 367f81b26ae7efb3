import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Query } from '../http/query';
import { parseDbrps } from './dbrps';
import { booleanParameter, parseLegacyDuration, timeParameter } from './parameters';

const query = (name: string, value: string) => new Query(`${name}=${encodeURIComponent(value)}`);

describe('a duration', () => {
  it.each([
    ['10u', 10_000n],
    ['10µ', 10_000n],
    ['3ms', 3_000_000n],
    ['10s', 10_000_000_000n],
    ['2m', 120_000_000_000n],
    ['1h', 3_600_000_000_000n],
    ['1d', 86_400_000_000_000n],
    ['1w', 604_800_000_000_000n],
    ['-1s', -1_000_000_000n],
    ['0s', 0n],
  ])('is an integer and a unit: %s', (text, ns) => {
    expect(parseLegacyDuration(text)).toBe(ns);
  });

  it.each([
    '',
    '10',
    's',
    '1us',
    '1ns',
    '1y',
    '1.5s',
    '1h30m',
    ' 1s',
    '1s ',
    '+1s',
    '--1s',
    '1S',
    '9999999999w',
    '1e3s',
  ])('is nothing else: "%s"', (text) => {
    expect(parseLegacyDuration(text)).toBeUndefined();
  });
});

describe('a time', () => {
  it('is RFC 3339 to the nanosecond, and absent when empty', () => {
    expect(timeParameter(query('start', '2016-01-30T21:00:01.000000001Z'), 'start')).toBe(1_454_187_601_000_000_001n);
    expect(timeParameter(query('start', '2016-01-30T22:00:01+01:00'), 'start')).toBe(1_454_187_601_000_000_000n);
    expect(timeParameter(query('start', ''), 'start')).toBeUndefined();
  });

  it('is as near as 64 bits can hold', () => {
    expect(timeParameter(query('start', '0001-01-01T00:00:00Z'), 'start')).toBe(-(2n ** 63n - 1n));
    expect(timeParameter(query('start', '9999-01-01T00:00:00Z'), 'start')).toBe(2n ** 63n - 1n);
  });

  const as = ' as "2006-01-02T15:04:05Z07:00": cannot parse ';
  it.each([
    ['yesterday', `${as}"yesterday" as "2006"`],
    ['2016', `${as}"" as "-"`],
    ['2016-01-01', `${as}"" as "T"`],
    ['2016-01-01 10:00:00Z', `${as}" 10:00:00Z" as "T"`],
    ['2016-01-01T10:00', `${as}"" as ":"`],
    ['2016-01-01T10:00:00', `${as}"" as "Z07:00"`],
    ['2016-01-01T10:00:00.5', `${as}".5" as "Z07:00"`],
    ['2016-13-01T10:00:00Z', ': month out of range'],
    ['2016-02-30T10:00:00Z', ': day out of range'],
    ['2016-02-01T24:00:00Z', ': hour out of range'],
    ['2016-02-01T23:60:00Z', ': minute out of range'],
    ['2016-02-01T23:00:60Z', ': second out of range'],
    ['2016-02-01T23:00:00Zulu', ': extra text: "ulu"'],
  ])('of %s is told as Go does', (text, problem) => {
    expect(() => timeParameter(query('start', text), 'start')).toThrow(`parsing time "${text}"${problem}`);
  });
});

describe('a boolean', () => {
  it('is one of the words that Go knows, and false when absent', () => {
    for (const word of ['1', 't', 'T', 'TRUE', 'true', 'True'])
      expect(booleanParameter(query('b', word), 'b')).toBe(true);
    for (const word of ['0', 'f', 'F', 'FALSE', 'false', 'False', '']) {
      expect(booleanParameter(query('b', word), 'b')).toBe(false);
    }
  });

  it.each([
    ['yes', '"yes"'],
    ['tRUE', '"tRUE"'],
    ['a"b\\\n\u0001é', '"a\\"b\\\\\\n\\x01é"'],
  ])('is nothing else: %j', (text, quoted) => {
    expect(() => booleanParameter(query('b', text), 'b')).toThrow(
      `strconv.ParseBool: parsing ${quoted}: invalid syntax`,
    );
  });
});

describe('databases and retention policies', () => {
  it.each([
    ['[]', []],
    ['null', []],
    [
      ' [{"db":"a","rp":"b"},{"db":"c","rp":"d"}] ',
      [
        { db: 'a', rp: 'b' },
        { db: 'c', rp: 'd' },
      ],
    ],
    ['[{"DB":"a","Rp":"b","more":[1,{}]}]', [{ db: 'a', rp: 'b' }]],
    [
      '[{"db":"a"},{},null,{"rp":null}]',
      [
        { db: 'a', rp: '' },
        { db: '', rp: '' },
        { db: '', rp: '' },
        { db: '', rp: '' },
      ],
    ],
    ['[{"db":"a","DB":"b"}]', [{ db: 'b', rp: '' }]],
    ['[{"db":"\\u00e9<","rp":"\\""}]', [{ db: 'é<', rp: '"' }]],
  ])('are a list of objects: %s', (text, items) => {
    expect(parseDbrps(text)).toEqual({ items });
  });

  it.each([
    ['', 'EOF'],
    ['oops', "invalid character 'o' looking for beginning of value"],
    ['[{"db":"a"}', 'unexpected EOF'],
    ['{"db":"a","rp":"b"}', 'json: cannot unmarshal object into Go value of type []kapacitor.DBRP'],
    ['"a"', 'json: cannot unmarshal string into Go value of type []kapacitor.DBRP'],
    ['[1]', 'json: cannot unmarshal number into Go value of type kapacitor.DBRP'],
    ['[[]]', 'json: cannot unmarshal array into Go value of type kapacitor.DBRP'],
    ['[{"db":1,"rp":"b"}]', 'json: cannot unmarshal number into Go value of type string'],
    ['[{"db":"a","rp":true}]', 'json: cannot unmarshal bool into Go value of type string'],
  ])('are nothing else: %s', (text, error) => {
    expect(parseDbrps(text)).toEqual({ error });
  });

  it('come back as they were written, and any text gives a list or an error', () => {
    const dbrp = fc.record({ db: fc.string(), rp: fc.string() });
    fc.assert(
      fc.property(fc.array(dbrp), (items) => {
        expect(parseDbrps(JSON.stringify(items))).toEqual({ items });
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'[]{}":,\\dbrp1 tn') }), (text) => {
        expect(Object.keys(parseDbrps(text))[0]).toBeOneOf(['items', 'error']);
      }),
    );
  });
});
