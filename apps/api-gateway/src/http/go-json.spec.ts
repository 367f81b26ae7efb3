import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOfValue, itemsOf, JsonError, membersOf } from './go-json';

function problem(text: string): string {
  try {
    endOfValue(text);
  } catch (error) {
    if (error instanceof JsonError) return error.message;
    throw error;
  }
  return '';
}

describe('reading JSON as Go does', () => {
  it.each([
    ['', 'EOF'],
    ['  ', 'EOF'],
    ['{', 'unexpected EOF'],
    ['{"a":"x', 'unexpected EOF'],
    ['x', "invalid character 'x' looking for beginning of value"],
    ['é', "invalid character 'Ã' looking for beginning of value"],
    ["'", "invalid character '\\'' looking for beginning of value"],
    ['{nope', "invalid character 'n' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b":2}', `invalid character '"' after object key:value pair`],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['[1 2]', "invalid character '2' after array element"],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['tru3', "invalid character '3' in literal true (expecting 'e')"],
    ['"a\nb"', "invalid character '\\n' in string literal"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"],
    ['-a', "invalid character 'a' in numeric literal"],
    ['1.x', "invalid character 'x' after decimal point in numeric literal"],
    ['1e+x', "invalid character 'x' in exponent of numeric literal"],
    ['[01]', "invalid character '1' after array element"],
    ['['.repeat(100_000), 'exceeded max depth'],
  ])('says of %j: %s', (text, message) => {
    expect(problem(text)).toBe(message);
  });

  it('finds every value that JSON can hold to its end', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(endOfValue(` ${text} trailing`, 1)).toBe(1 + text.length);
      }),
    );
  });

  it('refuses what JSON.parse refuses', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[],:"ab1-.e+ \\untrue'), maxLength: 12 }), (text) => {
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        const accepted = problem(text) === '' && text.slice(endOfValue(text)).trim() === '';
        expect(accepted).toBe(isJson);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives members and items as they were written', () => {
    expect(membersOf('{ "a" : 9007199254740993 , "b\\"": {"x": [1.0]} }')).toEqual([
      ['a', '9007199254740993'],
      ['b"', '{"x": [1.0]}'],
    ]);
    expect(itemsOf('[ 1 , [2,3], "x]" ]')).toEqual(['1', '[2,3]', '"x]"']);
    expect(membersOf('{}')).toEqual([]);
    expect(itemsOf('[ ]')).toEqual([]);
  });
});
