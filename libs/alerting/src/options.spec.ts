import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeOptions, option, OptionsError } from './options';

const members = {
  url: option.string('The address.'),
  headers: option.stringMap('Headers.'),
  'capture-response': option.bool('Logs answers.'),
  timeout: option.duration('How long to wait.', { default: 5n }),
  topics: option.strings('Topics.'),
  mode: option.int('Mode.'),
  links: option.records('Links.', { href: option.string('Address.') }),
  metricname: option.string('Name.', { aliases: ['metric_name'] }),
};
const decode = (value: unknown) => decodeOptions(members, '*httppost.HandlerConfig', value);

describe('options of topic handlers', () => {
  it('have their defaults when they are not given', () => {
    expect(decode({})).toEqual({
      url: '',
      headers: {},
      'capture-response': false,
      timeout: 5n,
      topics: [],
      mode: 0n,
      links: [],
      metricname: '',
    });
    expect(decode(null).timeout).toBe(5n);
    expect(decode({ timeout: null }).timeout).toBe(5n);
  });

  it('refuse unknown keys with the text that clients know', () => {
    expect(() => decode({ nope: 1 })).toThrow(
      "failed to decode options into *httppost.HandlerConfig: 1 error(s) decoding:\n\n* '' has invalid keys: nope",
    );
    expect(() => decode({ z: 1, a: 2 })).toThrow("* '' has invalid keys: a, z");
  });

  it('find keys in any letter case and under other spellings', () => {
    expect(decode({ URL: 'x', Metric_Name: 'm' })).toMatchObject({ url: 'x', metricname: 'm' });
    expect(() => decode({ url: 'x', URL: 'y' })).toThrow("'' has invalid keys: URL");
  });

  it('take durations as nanoseconds or as text', () => {
    expect(decode({ timeout: 10_000_000_000 }).timeout).toBe(10_000_000_000n);
    expect(decode({ timeout: '10s' }).timeout).toBe(10_000_000_000n);
    expect(decode({ timeout: '1500ns' }).timeout).toBe(1500n);
    expect(() => decode({ timeout: 'soon' })).toThrow(
      "'timeout' expected type 'time.Duration', got unconvertible type 'string'",
    );
  });

  it('do not make a list of a single value', () => {
    expect(() => decode({ topics: 't2' })).toThrow("* 'topics': source data must be an array or slice, got string");
  });

  it('report everything that is wrong at once', () => {
    expect(() =>
      decode({ url: 1, mode: 'x', headers: 'h', 'capture-response': 1, links: [{ hreff: 'a' }, 3] }),
    ).toThrow(
      [
        'failed to decode options into *httppost.HandlerConfig: 6 error(s) decoding:',
        '',
        "* 'capture-response' expected type 'bool', got unconvertible type 'float64'",
        "* 'headers' expected a map, got 'string'",
        "* 'links[0]' has invalid keys: hreff",
        "* 'links[1]' expected a map, got 'float64'",
        "* 'mode' expected type 'int64', got unconvertible type 'string'",
        "* 'url' expected type 'string', got unconvertible type 'float64'",
      ].join('\n'),
    );
  });

  it('keep keys that objects inherit out of the way', () => {
    expect(() => decode(JSON.parse('{"__proto__":{"url":"x"}}'))).toThrow("'' has invalid keys: __proto__");
    expect(() => decode({ constructor: 1 })).toThrow("'' has invalid keys: constructor");
  });

  it('never fail in any other way, whatever they are', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.record(Object.fromEntries(Object.keys(members).map((name) => [name, fc.jsonValue()])), { requiredKeys: [] }),
    );
    fc.assert(
      fc.property(anything, (options) => {
        try {
          expect(Object.keys(decode(options))).toEqual(Object.keys(members));
        } catch (error) {
          expect(error).toBeInstanceOf(OptionsError);
        }
      }),
    );
  });
});
