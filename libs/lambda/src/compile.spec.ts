import { parseLambda } from '@supercap/tickscript';
import { describe, expect, it } from 'vitest';
import { compileLambda } from './compile';
import { LambdaError } from './errors';
import { compile, evaluateText, outcome, pointOf } from './lambda.fixture';
import { signature } from './functions/definition';

const problem = (text: string) => {
  try {
    compile(text);
    return undefined;
  } catch (error) {
    return error instanceof LambdaError ? error.message : error;
  }
};
const MISMATCH = 'see bool(), int(), float(), string(), duration()';

describe('checks at compile time', () => {
  it.each([
    ['7s % 2s', 'invalid math operator % for type duration'],
    ["'a' > 5", `mismatched type to binary operator. got string > int. ${MISMATCH}`],
    ['TRUE > FALSE', 'invalid comparison operator > for type boolean'],
    ['(1 + 2.0) > 1', `Failed to handle left node: mismatched type to binary operator. got int + float. ${MISMATCH}`],
    ['1 > (1 + 2.0)', `Failed to handle right node: mismatched type to binary operator. got int + float. ${MISMATCH}`],
    [
      '"a" > 1 AND "b" > (1 + 2.0) AND "c"',
      `Failed to handle left node: Failed to handle right node: Failed to handle right node: mismatched type to binary operator. got int + float. ${MISMATCH}`,
    ],
    ['"v" > 1 AND 5', `mismatched type to binary operator. got boolean AND int. ${MISMATCH}`],
    ['x + 1', 'Failed to handle left node: unknown identifier "x"'],
  ])('%s: %s', (text, message) => {
    expect(problem(text)).toBe(message);
  });

  it('leaves what depends on a point to the evaluation', () => {
    expect(problem('"a" > \'x\' AND sqrt(5) AND nosuch()')).toBeUndefined();
  });

  it('refuses what is no expression', () => {
    const list = { kind: 'list', items: [], position: { offset: 0, line: 1, char: 1 } } as const;
    const binary = parseLambda('"host" == 5').expression;
    if (binary.kind !== 'binary') throw new Error('not a binary expression');
    expect(() => compileLambda({ ...parseLambda('1'), expression: { ...binary, right: list } })).toThrow(
      'Failed to handle right node: Given node type is not valid evaluation node: *ast.ListNode',
    );
  });
});

describe('size', () => {
  it('takes chains of thousands of operators', () => {
    const terms = Array.from({ length: 5000 }, (_, i) => `"host" == 'h${i}'`);
    const lambda = compile(terms.join(' OR '));
    const matches = (host: string) => lambda.predicate(pointOf({ tags: { host } }), lambda.newState(), []);
    expect([matches('h0'), matches('h4999'), matches('x')]).toEqual([true, true, false]);
    expect(evaluateText(Array(5000).fill('1').join(' + '))).toBe(5000n);
    expect(evaluateText(`sqrt(${Array(5000).fill('1').join(' + ')})`)).toMatch('Cannot call function "sqrt"');
  });

  it('says where nesting ends', () => {
    let lambda = parseLambda('"b"');
    for (let i = 0; i < 500; i++) lambda = { ...lambda, expression: { ...lambda } };
    expect(
      compileLambda(lambda).evaluate(
        pointOf({ fields: { b: 1 } }),
        { count: 0, sigma: undefined, spread: undefined },
        compileLambda(lambda).newShared(),
      ),
    ).toBe(1);
    for (let i = 0; i < 10_000; i++) lambda = { ...lambda, expression: { ...lambda } };
    expect(() => compileLambda(lambda)).toThrow('lambda expression is nested deeper than 600 levels');
  });

  it('evaluates what the parser lets nest', () => {
    expect(evaluateText(`${'('.repeat(400)}1${' + 1)'.repeat(400)}`)).toBe(401n);
    expect(evaluateText(`${'(TRUE AND '.repeat(400)}TRUE${')'.repeat(400)}`)).toBe(true);
    expect(evaluateText(`${'-('.repeat(200)}1.0${')'.repeat(200)}`)).toBe(1);
  });

  it('makes no code for ever when types keep changing', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const lambda = compile(names.map((name) => `isPresent("${name}")`).join(' AND '));
    const kinds = [1, 1n, 'x', true];
    for (let i = 0; i < 1024; i++) {
      const fields = Object.fromEntries(names.map((name, n) => [name, kinds[(i >> (2 * n)) & 3]!]));
      expect(lambda.predicate(pointOf({ fields }), lambda.newState(), [])).toBe(true);
    }
  });
});

describe('what callers may know ahead', () => {
  it('lists the names that are read', () => {
    expect(compile('"b" > 1 AND unixNano("time") > "b" OR isPresent("c")').references).toEqual(['b', 'time', 'c']);
  });

  it.each([
    ['1 + 1', true, true],
    ['"host" == \'a\'', false, true],
    ['"host" == \'a\' AND count() > 1', false, false],
    ['minute("time") > 1', false, false],
    ['now()', false, false],
    ['rand() > 5', false, false],
  ])('%s: constant %s, decided by its names %s', (text, isConstant, tagsOnly) => {
    const lambda = compile(text);
    expect([lambda.isConstant, lambda.tagsOnly]).toEqual([isConstant, tagsOnly]);
  });

  it('knows whether a layout hides a tag that it reads', () => {
    const lambda = compile('"host" == \'a\'');
    expect(lambda.readsFieldOf(pointOf({ fields: { v: 1 } }).layout)).toBe(false);
    expect(lambda.readsFieldOf(pointOf({ fields: { host: 'a' } }).layout)).toBe(true);
  });
});

describe('host functions', () => {
  const event = { level: 2n, changed: true };
  const options = {
    functions: {
      level: { signatures: [signature([], 'int', () => event.level)] },
      changed: { signatures: [signature([], 'boolean', () => event.changed)] },
      duration: { signatures: [signature([], 'duration', () => 10_000_000_000n)] },
    },
    identifiers: { WARNING: { type: 'int', value: 2n }, CRITICAL: { type: 'int', value: 3n } },
  } as const;

  it('take part in expressions beside the functions of the catalog', () => {
    const lambda = compile(
      '"host" =~ /web.*/ AND level() >= WARNING AND changed() == TRUE AND duration() > duration(5, 1s)',
      options,
    );
    const point = pointOf({ tags: { host: 'web1' } });
    expect(lambda.predicate(point, lambda.newState(), [])).toBe(true);
    event.level = 1n;
    expect(lambda.predicate(point, lambda.newState(), [])).toBe(false);
    expect(lambda.tagsOnly).toBe(false);
  });

  it('are checked like all others', () => {
    const lambda = compile("level() == 'x'", options);
    expect(outcome(() => lambda.predicate(pointOf({}), lambda.newState(), []))).toBe(
      `✗ mismatched type to binary operator. got int == string. ${MISMATCH}`,
    );
    expect(() => compile('level() == NONE', options)).toThrow('unknown identifier "NONE"');
  });
});

it('reads the injected clock', () => {
  const lambda = compile('unixNano(now())', { now: () => 42n });
  expect(lambda.evaluate(pointOf({}), lambda.newState(), [])).toBe(42n);
});
