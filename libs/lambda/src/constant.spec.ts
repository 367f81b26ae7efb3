import { DurationValue } from '@supercap/data-model';
import { parseLambda } from '@supercap/tickscript';
import { describe, expect, it } from 'vitest';
import { evaluateConstant } from './constant';
import { LambdaError } from './errors';

const evaluate = (text: string) => evaluateConstant(parseLambda(text).expression);

describe('expressions of a script', () => {
  it.each([
    ["'a' + 'b'", 'ab'],
    ['10s * 2', new DurationValue(20_000_000_000n)],
    ['1.0 / 0.0', Infinity],
    ['3 > 1 AND sqrt(4.0) > 1.0', true],
    ['-(1 + 2)', -3n],
  ])('%s gives %s', (text, expected) => {
    expect(evaluate(text)).toEqual(expected);
  });

  it.each([
    [
      '1 + 2.0',
      'mismatched type to binary operator. got int + float. see bool(), int(), float(), string(), duration()',
    ],
    ['"x" + 1', 'name "x" is undefined. Names in scope: '],
    ['1 / 0', 'runtime error: integer divide by zero'],
    ['nosuch()', 'undefined function: "nosuch"'],
  ])('%s fails: %s', (text, message) => {
    expect(() => evaluate(text)).toThrow(new LambdaError(message));
  });

  it('gives a regex with its pattern', () => {
    expect(evaluate('if(TRUE, /a/, /b/)')).toMatchObject({ kind: 'regex', pattern: 'a' });
  });
});
