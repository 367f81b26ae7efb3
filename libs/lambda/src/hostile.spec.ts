import type { Expression } from '@supercap/tickscript';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileLambda } from './compile';
import { LambdaError } from './errors';
import { outcome, pointOf } from './lambda.fixture';

const position = { offset: 0, line: 1, char: 1 };
const text = (value: string): Expression => ({ kind: 'string', value, tripleQuoted: false, position });
const reference = (name: string): Expression => ({ kind: 'reference', name, position });
const equals = (left: Expression, right: Expression): Expression => ({
  kind: 'binary',
  operator: '==',
  left,
  right,
  parenthesised: false,
  multiLine: false,
  position,
});

const ESCAPES = [
  `'`,
  `"`,
  '`',
  '\\',
  "\\'",
  '${',
  '}',
  '*/',
  '//',
  '/*',
  '\n',
  '\r',
  '\u2028',
  '\u2029',
  '\u0000',
  '\ud800',
  '`;',
  `');`,
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'globalThis',
  'process',
  'require',
  'constants',
  'helpers',
  'state',
  'shared',
  'point',
  'values',
  'MISS',
  'c0',
  'v0',
  't0',
  'return',
  'arguments',
  'eval',
  'reached()',
  'globalThis.reached = 1',
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...ESCAPES), fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 6 })
  .map((parts) => parts.join(''));

const evaluate = (expression: Expression, point: Parameters<typeof pointOf>[0]) => {
  const lambda = compileLambda({ kind: 'lambda', expression, position });
  return outcome(() => lambda.evaluate(pointOf(point), lambda.newState(), lambda.newShared()));
};

/** What an evaluation could reach if a text of the user became code. */
const traces = () => [
  Object.getOwnPropertyNames(globalThis).length,
  Object.getOwnPropertyNames(Object.prototype).length,
  Object.getOwnPropertyNames(Function.prototype).length,
  Object.getOwnPropertyNames(RegExp.prototype).length,
];

describe('texts of a user', () => {
  const before = traces();

  it('are never more than the value of a literal', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        expect(evaluate(text(value), {})).toBe(value);
        expect(evaluate(equals(text(value), text(value)), {})).toBe(true);
      }),
    );
  });

  it('are never more than the name of a field, a tag or nothing', () => {
    fc.assert(
      fc.property(hostile, (name) => {
        fc.pre(name !== 'time');
        expect(evaluate(reference(name), { fields: Object.fromEntries([[name, 1.5]]) })).toBe(1.5);
        expect(evaluate(equals(reference(name), text('x')), { tags: Object.fromEntries([[name, 'x']]) })).toBe(true);
        expect(evaluate(reference(name), {})).toBe(`✗ missing value: "${name}"`);
      }),
    );
  });

  it('are never more than the name of a function', () => {
    fc.assert(
      fc.property(hostile, (name) => {
        fc.pre(name !== 'eval');
        const call: Expression = {
          kind: 'call',
          name,
          type: 'global',
          args: [reference('v')],
          multiLine: false,
          position,
        };
        expect(evaluate(call, { fields: { v: 1 } })).toBe(`✗ undefined function: "${name}"`);
      }),
    );
  });

  it('are a pattern, or an error of one', () => {
    fc.assert(
      fc.property(hostile, hostile, (pattern, subject) => {
        const match: Expression = {
          kind: 'binary',
          operator: '=~',
          left: text(subject),
          right: { kind: 'regex', pattern, position },
          parenthesised: false,
          multiLine: false,
          position,
        };
        try {
          expect(typeof evaluate(match, {})).toBe('boolean');
        } catch (error) {
          expect(error).toBeInstanceOf(LambdaError);
          expect((error as LambdaError).message).toMatch('error parsing regexp: ');
        }
      }),
    );
  });

  it('leave no trace outside', () => {
    expect(traces()).toEqual(before);
    expect('reached' in globalThis).toBe(false);
  });
});
