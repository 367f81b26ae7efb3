import { describe, expect, it } from 'vitest';
import { EARLIEST, JsonObject } from './json-object';

describe('an object of a request', () => {
  it('is read up to its end, with names in any case, the last of several and null as absent', () => {
    const body = JsonObject.read(' {"ID":"a","id":"b","kind":null,"on":true} and more');
    expect(body.text('id')).toBe('b');
    expect(body.text('kind')).toBe('');
    expect(body.flag('on')).toBe(true);
    expect(body.flag('off')).toBe(false);
    expect(JsonObject.read('null').text('id')).toBe('');
  });

  it('keeps an object as it was written', () => {
    expect(JsonObject.read('{"options":{"n": 9007199254740993}}').object('options')).toBe('{"n": 9007199254740993}');
  });

  it('holds lists of objects', () => {
    const body = JsonObject.read('{"dbrps":[{"db":"a","rp":"b"},null]}');
    expect(body.list('dbrps').map((item) => [item.text('db'), item.text('rp')])).toEqual([
      ['a', 'b'],
      ['', ''],
    ]);
  });

  it('refuses values of another kind', () => {
    const body = JsonObject.read('{"id":1,"options":[],"on":"x","dbrps":["x"]}');
    expect(() => body.text('id')).toThrow('json: cannot unmarshal number into Go struct field .id of type string');
    expect(() => body.object('options')).toThrow(
      'json: cannot unmarshal array into Go struct field .options of type map[string]interface {}',
    );
    expect(() => body.flag('on')).toThrow('json: cannot unmarshal string');
    expect(() => body.list('dbrps')).toThrow('json: cannot unmarshal string');
    expect(() => JsonObject.read('[]')).toThrow('json: cannot unmarshal array');
  });

  it('refuses words that it does not know', () => {
    const body = JsonObject.read('{"clock":"bad"}');
    expect(() => body.word('clock', ['fast', 'real'], (word) => `unknown Clock ${word}`)).toThrow('unknown Clock bad');
    expect(body.word('type', ['stream'], String)).toBeUndefined();
  });

  it('reads times, as near as 64 bits can hold', () => {
    const body = JsonObject.read(
      '{"a":"1970-01-01T00:00:01.5Z","b":"0001-01-01T00:00:00Z","c":"2017-1","d":5,"e":"2017-02-31T00:00:00Z"}',
    );
    expect(body.time('a')).toBe(1_500_000_000n);
    expect(body.time('b')).toBe(EARLIEST);
    expect(body.time('none')).toBeUndefined();
    expect(() => body.time('c')).toThrow(
      'parsing time "\\"2017-1\\"" as "\\"2006-01-02T15:04:05Z07:00\\"": cannot parse "1\\"" as "01"',
    );
    expect(() => body.time('d')).toThrow('cannot parse "5" as "\\""');
    expect(() => body.time('e')).toThrow('out of range');
  });
});
