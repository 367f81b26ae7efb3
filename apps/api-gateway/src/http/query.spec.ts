import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePath, Query } from './query';

describe('a query string', () => {
  it('gives the first of several values, and an empty one as absent', () => {
    const query = new Query('name=a&name=b&empty=&bare&=x');
    expect(query.get('name')).toBe('a');
    expect(query.all('name')).toEqual(['a', 'b']);
    expect(query.get('empty')).toBeUndefined();
    expect(query.get('bare')).toBeUndefined();
    expect(query.get('absent')).toBeUndefined();
  });

  it('is empty when the first of several values is', () => {
    expect(new Query('name=&name=b').get('name')).toBeUndefined();
  });

  it('may hold quotes, braces and equals signs as they are', () => {
    expect(new Query('dbrps=[{"db":"a=b","rp":"c"}]&x=1').get('dbrps')).toBe('[{"db":"a=b","rp":"c"}]');
  });

  it('reads a plus as a blank, and an encoded one as a plus', () => {
    expect(new Query('name=a+b%2Bc').get('name')).toBe('a b+c');
  });

  it('gives what was encoded, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (value) => {
        expect(new Query(`x=1&name=${encodeURIComponent(value)}`).get('name')).toBe(value);
      }),
    );
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (raw) => {
        expect(new Query(raw).all('name')).toBeInstanceOf(Array);
      }),
    );
    expect(new Query('name=100%&b=%zz').get('name')).toBe('100%');
    expect(new Query('name=%ff').get('name')).toBe('\ufffd');
  });

  it('hides credentials from logs', () => {
    expect(new Query('u=me&p=secret&db=d&token=t').redacted()).toBe('u=…&p=…&db=d&token=…');
  });
});

describe('a path', () => {
  it('is decoded once, and a plus in it stays one', () => {
    expect(decodePath('/a%20b+c%252F')).toBe('/a b+c%2F');
  });
});
