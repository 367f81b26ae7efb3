import { DurationValue, Layout, TimeValue } from '@supercap/data-model';
import { type Expression, parseLambda } from '@supercap/tickscript';
import { describe, expect, it } from 'vitest';
import { compileLambda } from './compile';
import { compile, evaluateText, outcome, pointOf } from './lambda.fixture';

const seconds = (n: number) => new DurationValue(BigInt(n * 1e9));
const parts = {
  fields: { i: 3n, v: 2.5, s: 'abc', b: true, both: 2, 'a b': 4, nil: null, d: seconds(5), big: 2n ** 63n - 1n },
  tags: { tg: 'T', both: '1' },
  time: 86_399_000_000_007n,
};
const evaluate = (text: string) => evaluateText(text, parts);
const MISMATCH = 'see bool(), int(), float(), string(), duration()';

describe('operators', () => {
  it.each([
    ['"i" / 2', 1n],
    ['"i" % 2', 1n],
    ['-"i" / 2', -1n],
    ['-"i" % 2', -1n],
    ['-"i"', -3n],
    ['-(-"v")', 2.5],
    ['"big" + 1', -(2n ** 63n)],
    ['"big" * 2', -2n],
    ['"v" > "i"', false],
    ['"i" == 3.0', true],
    ['9007199254740993 == 9007199254740992.0', true],
    ['9007199254740993 > 9007199254740992', true],
    ['1.0 / 0.0', Infinity],
    ['sqrt(-1.0) != sqrt(-1.0)', true],
    ['sqrt(-1.0) >= 1.0', false],
    ['10s * 2', seconds(20)],
    ['2 * 10s', seconds(20)],
    ['10s * 1.5', seconds(15)],
    ['0.5 * 10s', seconds(5)],
    ['10s / 4', seconds(2.5)],
    ['10s / 4.0', seconds(2.5)],
    ['10s / 3s', 3n],
    ['-"d" - 1s', seconds(-6)],
    ['1m > 10s', true],
    ['"tg" + \'x\'', 'Tx'],
    ['"a b" * 2.0', 8],
    ["'Z' < 'a'", true],
    ["'\uffff' < '\u{1f600}'", true],
    ['"s" =~ /^a/', true],
    ['"s" !~ /^a/', false],
    ['100 / 10 / 2', 5n],
    ['"b" OR FALSE AND FALSE', true],
    ['!"b"', false],
  ])('%s gives %s', (text, expected) => {
    expect(evaluate(text)).toEqual(expected);
  });

  it.each([
    ['"v" / "i"', `mismatched type to binary operator. got float / int. ${MISMATCH}`],
    ['"s" - "s"', 'invalid math operator - for type string'],
    ['"s" + "i"', `mismatched type to binary operator. got string + int. ${MISMATCH}`],
    ['"v" % 2.0', 'invalid math operator % for type float'],
    ['"b" < "b"', 'invalid comparison operator < for type boolean'],
    ['"s" == /a/', `mismatched type to binary operator. got string == regex. ${MISMATCH}`],
    ['"i" =~ /5/', 'invalid comparison operator =~ for type int'],
    ['"i" AND "b"', 'invalid logical operator AND for type int'],
    ['"b" AND "i"', `mismatched type to binary operator. got boolean AND int. ${MISMATCH}`],
    ['now() > "time"', 'invalid comparison operator > for type time'],
    ['"i" / 0', 'runtime error: integer divide by zero'],
    ['"i" % 0', 'runtime error: integer divide by zero'],
    ['"d" / 0s', 'runtime error: integer divide by zero'],
  ])('%s fails: %s', (text, message) => {
    expect(evaluate(text)).toBe(`✗ ${message}`);
  });
});

describe('names', () => {
  it('reads the time of the point even where a field is called time', () => {
    expect(evaluateText('"time"', { fields: { time: 1 }, time: 7n })).toEqual(new TimeValue(7n));
  });

  it.each([
    ['"none"', 'missing value: "none"'],
    ['"none" + 1', 'left reference value "none" is missing value'],
    ['1 + "none"', 'right reference value "none" is missing value'],
    ['-"none"', 'reference "none" is missing value'],
    ['!"none"', 'reference "none" is missing value'],
    ['sqrt("none")', 'Cannot call function "sqrt" argument "none" is missing, values in scope are []'],
    ['max("none", "v")', 'Cannot call function "max" argument "none" is missing, values in scope are ["v"]'],
    ['max("none", "nor")', 'Cannot call function "max" arguments "none","nor" are missing, values in scope are []'],
    ['"nil"', 'referenced value "nil" is nil.'],
    ['isPresent("nil")', 'referenced value "nil" is nil.'],
    ['"both"', 'cannot have field and tags with same name "both"'],
    ['FALSE AND "both" > 1.0', 'cannot have field and tags with same name "both"'],
  ])('%s fails: %s', (text, message) => {
    expect(evaluate(text)).toBe(`✗ ${message}`);
  });

  it('sees earlier results, but not behind a field or tag of the same name', () => {
    const layout = Layout.of(['r', 's', 'tg', 'unset']);
    const results = { layout, values: [10, 99n, 99n, undefined] };
    const read = (text: string) => {
      const lambda = compile(text);
      return outcome(() => lambda.evaluate(pointOf(parts), lambda.newState(), lambda.newShared(), results));
    };
    expect(read('"r" + 1.0')).toBe(11);
    expect(read('"s"')).toBe('abc');
    expect(read('"tg"')).toBe('T');
    expect(read('"unset"')).toBe('✗ missing value: "unset"');
    expect(read('isPresent("unset")')).toBe(false);
  });

  it('follows a name through changes of type, source and layout', () => {
    const lambda = compile('"v" + "v"');
    const read = (point: Parameters<typeof pointOf>[0]) =>
      outcome(() => lambda.evaluate(pointOf(point), lambda.newState(), lambda.newShared()));
    for (let round = 0; round < 3; round++) {
      expect(read({ fields: { v: 1n } })).toBe(2n);
      expect(read({ fields: { a: 0, v: 1.5 } })).toBe(3);
      expect(read({ tags: { v: 'x' } })).toBe('xx');
      expect(read({ fields: { v: 's' } })).toBe('ss');
      expect(read({})).toBe('✗ left reference value "v" is missing value');
      expect(read({ fields: { v: 1n }, tags: { v: 'x' } })).toMatch('same name');
      expect(read({ fields: { v: true } })).toBe('✗ invalid math operator + for type boolean');
    }
  });
});

describe('short-circuit', () => {
  it.each([
    ['isPresent("zz") AND "zz" > 1', false],
    ['!isPresent("zz") OR "zz" > 1', true],
    ['FALSE AND "v" > \'text\'', false],
    ['"b" OR sqrt("zz") > 1.0 AND "i"', true],
    // A bare name on the right has its type looked up before the left side is evaluated.
    ['isPresent("zz") AND "zz"', '✗ right reference value "zz" is missing value'],
    ['("b" OR sqrt("zz") > 1.0) AND "i"', `✗ mismatched type to binary operator. got boolean AND int. ${MISMATCH}`],
    ['if("b", 1, "zz")', '✗ Cannot call function "if" argument "zz" is missing, values in scope are ["b"]'],
  ])('%s gives %s', (text, expected) => {
    expect(evaluate(text)).toBe(expected);
  });
});

describe('calls', () => {
  it.each([
    ['max(1, 2)', 'Cannot call function "max" with args (1: int,2: int), available signatures are [(float,float)].'],
    ["sqrt('x')", 'Cannot call function "sqrt" with args (x: string), available signatures are [(float)].'],
    ['sqrt("i")', 'Cannot call function "sqrt" with args ("i": int), available signatures are [(float)].'],
    ['abs(-2)', 'Cannot call function "abs" with args (-2: int), available signatures are [(float)].'],
    ['Sqrt(4.0)', 'undefined function: "Sqrt"'],
    ['constructor(4.0)', 'undefined function: "constructor"'],
    ["int('x')", 'error calling "int": strconv.ParseInt: parsing "x": invalid syntax'],
  ])('%s fails: %s', (text, message) => {
    expect(evaluate(text)).toBe(`✗ ${message}`);
  });
});

describe('state', () => {
  it('counts each evaluation of a group by itself', () => {
    const lambda = compile('count() + count()');
    const [a, b] = [lambda.newState(), lambda.newState()];
    const values = [a, b, a].map((state) => lambda.evaluate(pointOf({}), state, []));
    expect(values).toEqual([3n, 3n, 7n]);
  });

  it('does not advance where evaluation does not come', () => {
    const lambda = compile('"v" > 1.0 AND count() > 1');
    const state = lambda.newState();
    const values = [0, 2, 2, 0, 2].map((v) => lambda.predicate(pointOf({ fields: { v } }), state, []));
    expect(values).toEqual([false, false, true, false, true]);
    expect(state.count).toBe(3);
  });

  it('does not advance where the types do not fit', () => {
    const lambda = compile('count() + "none"');
    const state = lambda.newState();
    outcome(() => lambda.evaluate(pointOf({}), state, []));
    expect(state.count).toBe(0);
  });

  it('gives a lambda within a lambda a state that all groups share', () => {
    const nested: Expression = parseLambda('count()');
    const lambda = compileLambda({
      ...parseLambda('0 + 0'),
      expression: {
        ...(parseLambda('c + count()').expression as Extract<Expression, { kind: 'binary' }>),
        left: nested,
      },
    });
    const shared = lambda.newShared();
    const [a, b] = [lambda.newState(), lambda.newState()];
    const values = [a, b, a, b].map((state) => lambda.evaluate(pointOf({}), state, shared));
    expect(values).toEqual([1n + 1n, 2n + 1n, 3n + 2n, 4n + 2n]);
  });

  it('measures deviation and spread over what has been seen', () => {
    const lambda = compile('sigma("v")');
    const spread = compile('spread("v")');
    const [state, other] = [lambda.newState(), spread.newState()];
    const points = [1, 2, 3, 10].map((v) => pointOf({ fields: { v } }));
    const sigmas = points.map((point) => lambda.evaluate(point, state, []) as number);
    expect(sigmas[0]).toBe(0);
    expect(sigmas[1]).toBeCloseTo(Math.SQRT1_2, 12);
    expect(sigmas[2]).toBeCloseTo(1, 12);
    expect(sigmas[3]).toBeCloseTo(6 / Math.sqrt(50 / 3), 12);
    expect(points.map((point) => spread.evaluate(point, other, []))).toEqual([0, 1, 2, 9]);
  });

  it('is plain data', () => {
    const lambda = compile('sigma("v") > 0.0 AND count() > 0 AND spread("v") > 0.0');
    const state = lambda.newState();
    lambda.predicate(pointOf({ fields: { v: 1 } }), state, []);
    lambda.predicate(pointOf({ fields: { v: 2 } }), state, []);
    expect(structuredClone(state)).toEqual(state);
  });
});

describe('predicates', () => {
  const predicate = (text: string) => {
    const lambda = compile(text);
    return outcome(() => lambda.predicate(pointOf(parts), lambda.newState(), lambda.newShared()));
  };

  it.each([
    ['"b"', true],
    ['"i" > 5', false],
    ['"v"', '✗ TypeGuard: expression returned unexpected type float, expected boolean'],
    ['"d"', '✗ TypeGuard: expression returned unexpected type duration, expected boolean'],
    ['count()', '✗ TypeGuard: expression returned unexpected type int, expected boolean'],
    ['"v" + 1.0', '✗ expression returned unexpected type float64'],
    ['"none"', '✗ missing value: "none"'],
  ])('%s gives %s', (text, expected) => {
    expect(predicate(text)).toBe(expected);
    expect(predicate(text)).toBe(expected);
  });
});
