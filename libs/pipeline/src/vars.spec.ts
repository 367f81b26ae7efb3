import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile, refusal } from './testing/test-catalog';
import { decodeVars, encodeVars, varsFromJson, VarsError, varsToJson } from './vars';

const declaring = (declarations: string) => `${declarations}\nstream|from()`;

describe('vars of a script', () => {
  it('are listed with their types, values and descriptions', () => {
    const script = declaring(`// the measurement
      var m = 'cpu'
      // the limit
      // of it all
      var limit float
      var d = 10s
      var n = 5
      var on = TRUE
      var re = /a\\/b/
      var l = lambda: "v" > n
      var tags = ['a', *]
      var all = *
      var s = stream|from()`);
    expect(encodeVars(compile(script, { template: true }).vars)).toEqual({
      m: { type: 'string', value: 'cpu', description: 'the measurement' },
      limit: { type: 'float', value: null, description: 'the limit\nof it all' },
      d: { type: 'duration', value: 10_000_000_000, description: '' },
      n: { type: 'int', value: 5, description: '' },
      on: { type: 'bool', value: true, description: '' },
      re: { type: 'regex', value: 'a/b', description: '' },
      l: { type: 'lambda', value: '"v" > 5', description: '' },
      tags: {
        type: 'list',
        value: [
          { type: 'string', value: 'a', description: '' },
          { type: 'star', value: { typeOf: 'star' }, description: '' },
        ],
        description: '',
      },
      all: { type: 'star', value: { typeOf: 'star' }, description: '' },
    });
  });

  it('cannot be given twice', () => {
    expect(refusal('var x = 1\nvar x = 2\nstream|from()')).toBe('attempted to redefine x, vars are immutable');
    expect(refusal('var stream = 5\nstream|from()')).toBe('attempted to redefine stream, vars are immutable');
  });

  it('need a value where only their type is declared, but not in a template', () => {
    expect(refusal(declaring('var x int'))).toBe('missing value for var "x".');
    expect(refusal(declaring('var x number'))).toBe('invalid var type "number"');
    const script = ['bool', 'int', 'float', 'string', 'regex', 'duration', 'lambda', 'list', 'star']
      .map((type) => `var x${type} ${type}`)
      .join('\n');
    expect(
      refusal(`${script}\nstream|from().measurement(xstring)|where(xlambda)|window().period(xduration)`, {
        template: true,
      }),
    ).toBe('it compiles');
  });

  it('are described by all that is written before them, groups of lines apart', () => {
    const { vars } = compile('// one\n// two\n\n// three\nvar x = 5\nstream|from()');
    expect(vars['x']!.description).toBe('one\ntwo\n\nthree');
  });

  it('take supplied values, which later statements see', () => {
    const vars = decodeVars({ m: { type: 'string', value: 'x' }, unused: { type: 'int', value: 1 } });
    const { pipeline, vars: declared } = compile("var m = 'cpu'\nvar n = m + '!'\nstream|from().measurement(n)", {
      vars,
    });
    expect(pipeline.nodes[1]!.options['measurement']).toBe('x!');
    expect(declared['m']).toEqual({ type: 'string', value: 'cpu', description: '' });
  });

  it('take supplied lambdas, regexes, durations, lists and stars', () => {
    const vars = decodeVars({
      l: { type: 'lambda', value: '"v" > 3' },
      d: { type: 'duration', value: '1m30s' },
      g: { type: 'list', value: [{ type: 'star', value: '' }] },
    });
    const script = 'var l lambda\nvar d = 1s\nvar g = []\nstream|from().groupBy(g).truncate(d)|where(l)';
    const [, from, where] = compile(script, { vars }).pipeline.nodes;
    expect(from!.options).toMatchObject({ groupBy: [{ kind: 'star' }], truncate: 90_000_000_000n });
    expect(where!.options).toMatchObject({ predicate: { kind: 'lambda', expression: { operator: '>' } } });
  });

  it('refuse a value of another type', () => {
    const limit = decodeVars({ limit: { type: 'string', value: 'a' } });
    expect(refusal(declaring('var limit = 5'), { vars: limit })).toBe(
      'invalid type supplied for limit, got string exp int',
    );
    expect(refusal(declaring('var limit bool'), { vars: limit })).toBe(
      'invalid type supplied for limit, got string exp boolean',
    );
  });

  it('refuse lambdas and regexes that cannot be read', () => {
    expect(refusal('stream|from()', { vars: decodeVars({ x: { type: 'lambda', value: '"v" >' } }) })).toBe(
      'invalid var x: invalid lambda expression: parser: unexpected EOF line 1 char 6 in ""v" >". expected: "number","string","duration","identifier","TRUE","FALSE","==","(","-","!"',
    );
    expect(refusal('stream|from()', { vars: decodeVars({ x: { type: 'regex', value: 'a(' } }) })).toBe(
      'invalid var x: invalid regex pattern: error parsing regexp: missing closing ): `a(`',
    );
  });
});

describe('the JSON of vars', () => {
  const failure = (json: unknown) => {
    try {
      decodeVars(json);
    } catch (error) {
      return error instanceof VarsError ? [error.message, error.malformed] : error;
    }
    return undefined;
  };

  it.each([
    [{ type: 'int', value: 1.5 }, 'invalid var x: expected int value', true],
    [{ type: 'int', value: '1' }, 'invalid var x: expected int value', true],
    [{ type: 'float', value: '1' }, 'invalid var x: expected float value', true],
    [{ type: 'list', value: 'a' }, 'invalid var x: expected list of vars', true],
    [{ type: 'list', value: [{ value: 1 }] }, 'invalid var x: expected list type key in object', true],
    [{ type: 'list', value: [{ type: 'int' }] }, 'invalid var x: expected list value key in object', true],
    [{ type: 'number', value: 1 }, 'unknown VarType number', true],
    [{ type: 'duration', value: 'soon' }, 'invalid var x: expected duration value', true],
    [{ type: 'bool', value: 'yes' }, 'invalid var x: unexpected var type bool, value is a string', false],
    [{ type: 'string', value: 1 }, 'invalid var x: unsupported Var type json.Number.', false],
  ])('refuses %j', (json, message, malformed) => {
    expect(failure({ x: json })).toEqual([message, malformed]);
  });

  it('takes no object for an integer, whatever it is called', () => {
    const marked = '{"x":{"type":"int","value":{"$int":"1234567890123456"}}}';
    expect(() => varsFromJson(marked)).toThrow('invalid var x: expected int value');
  });

  it('is text in which integers keep all their digits', () => {
    const vars = decodeVars({
      big: { type: 'int', value: 9_007_199_254_740_993n },
      tricky: { type: 'string', value: '"value":{"$int":0}' },
    });
    const text = varsToJson(vars);
    expect(text).toContain('"value":9007199254740993');
    expect(varsFromJson(text)).toEqual(vars);
    expect(() => varsFromJson('{')).toThrow(VarsError);
  });

  it('reads back what it writes', () => {
    const description = fc.string();
    const scalar = fc.oneof(
      fc.record({ type: fc.constant('bool'), value: fc.boolean(), description }),
      fc.record({
        type: fc.constant('int'),
        value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        description,
      }),
      fc.record({
        type: fc.constant('duration'),
        value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        description,
      }),
      fc.record({
        type: fc.constant('float'),
        value: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((x) => !Object.is(x, -0)),
        description,
      }),
      fc.record({ type: fc.constantFrom('string', 'regex', 'lambda'), value: fc.string(), description }),
      fc.record({ type: fc.constant('star'), value: fc.constant(null), description }),
    );
    const anyVar = fc.oneof(scalar, fc.record({ type: fc.constant('list'), value: fc.array(scalar), description }));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), anyVar), (json) => {
        const vars = decodeVars(json);
        expect(decodeVars(encodeVars(vars))).toEqual(vars);
        expect(varsFromJson(varsToJson(vars))).toEqual(vars);
      }),
    );
  });
});
