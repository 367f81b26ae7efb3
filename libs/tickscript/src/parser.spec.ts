import { describe, expect, it } from 'vitest';
import type { Chain, Declaration, Expression } from './ast';
import { formatExpression } from './format';
import { ParseError } from './parse-error';
import { parse, parseLambda } from './parser';

function errorOf(text: string): ParseError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof ParseError) return error;
    throw error;
  }
  throw new Error(`no error in ${text}`);
}

function valueOf(text: string): Expression {
  return (parse(`var x = ${text}`).statements[0] as Declaration).value;
}

const OPERAND = '"number","string","duration","identifier","TRUE","FALSE","==","(","-","!"';

describe('error texts', () => {
  it.each([
    ['stream|from()|window().period(10s).every(1m', 'unexpected EOF line 1 char 44 in ").every(1m". expected: ")"'],
    [
      `stream|from()|eval(lambda: "a" + ).as('x')`,
      `unexpected ) line 1 char 34 in "da: "a" + ).as('x')". expected: ${OPERAND}`,
    ],
    ['stream|', 'unexpected EOF line 1 char 8 in "stream|". expected: "identifier"'],
    ['stream|from', 'unexpected EOF line 1 char 12 in "tream|from". expected: "("'],
    [`dbrp 'a'.'one'`, `unexpected string line 1 char 6 in "dbrp 'a'.'one'". expected: "reference"`],
    [`var x = ['a'\nstream|from()`, 'unexpected identifier line 2 char 1 in "stream|fro". expected: "]"'],
    ['var x = [1]', 'unexpected number line 1 char 10 in "var x = [1]". expected: "identifier","string","*"'],
    ['x = 5', `unexpected = line 1 char 3 in "x = 5". expected: ${OPERAND}`],
    [`'a`, `unexpected unterminated string line 1 char 1 in "'a". expected: ${OPERAND}`],
    ['x|f(/a', `unexpected unterminated regex line 1 char 5 in "x|f(/a". expected: ${OPERAND}`],
    ['var x = 1.2.3', `unexpected multiple decimals in number line 1 char 9 in "var x = 1.2.3". expected: ${OPERAND}`],
    ['var _x = 1', `unexpected unknown state, last char: '_' line 1 char 5 in "var _x = 1". expected: "identifier"`],
    ['x|where(lambda: *)', `unexpected * line 1 char 17 in "e(lambda: *)". expected: ${OPERAND}`],
    ['x|where(lambda: /a/)', `unexpected / line 1 char 17 in "e(lambda: /a/)". expected: ${OPERAND}`],
    ['x|where(lambda: "a" ! "b")', 'unexpected ! line 1 char 21 in "mbda: "a" ! "b")". expected: ")"'],
    ['var x = 099', 'illegal number syntax: "099"'],
    ['var x = 9223372036854775808', 'illegal number syntax: "9223372036854775808"'],
    ['var x = 99999999999w', 'overflowed duration 99999999999w: choose a smaller duration or INF'],
    ['var x = /a(b/', 'error parsing regexp: missing closing ): `a(b`'],
  ])('of %j', (text, message) => {
    expect(errorOf(text).message).toBe(`parser: ${message}`);
  });

  it('count bytes and clip the snippet to them', () => {
    expect(errorOf(`var ééééé = 'ü' $`).message).toBe(
      `parser: unexpected unknown state, last char: '$' line 1 char 23 in "é = 'ü' $". expected: ${OPERAND}`,
    );
    expect(errorOf(`var x = 'éééé'  $`).message).toContain(`char 21 in "\ufffdééé'  $"`);
  });

  it('carry the position and length of the token at fault', () => {
    expect(errorOf('var x = 1\nvar y = (2 three')).toMatchObject({
      position: { offset: 21, line: 2, char: 12 },
      length: 5,
    });
  });
});

describe('the lexer', () => {
  it.each([
    ['x|f(/re/)', 'x\n    |f(/re/)'],
    ['6 / 2 / 3', '6 / 2 / 3'],
    ['(*)', '*'],
    ['"a" =~ /a\\/b/', '"a" =~ /a\\/b/'],
    ['"a" =~ // AND TRUE', '"a" =~ // AND TRUE'],
    ['5.', '5.0'],
    ['.5', '0.5'],
    ["''''''", "''''''"],
    ["'''it''s'''", "'''it''s'''"],
    ["'it\\'s'", "'it\\'s'"],
    ["''", "''"],
  ])('reads %s', (text, formatted) => {
    expect(formatExpression(valueOf(text))).toBe(formatted);
  });

  it('reads a number and a word where an exponent or a second unit stands', () => {
    expect(parse('1e3 1h30m 10ns').statements).toMatchObject([
      { kind: 'number', value: 1n },
      { kind: 'identifier', name: 'e3' },
      { kind: 'duration', text: '1h' },
      { kind: 'duration', text: '30m' },
      { kind: 'number', value: 10n },
      { kind: 'identifier', name: 'ns' },
    ]);
  });

  it('takes lambda for a name unless a colon follows', () => {
    expect(parse('var lambda = 5').statements[0]).toMatchObject({ name: { name: 'lambda' } });
    expect(valueOf('lambda: TRUE').kind).toBe('lambda');
  });

  it('keeps backslashes in strings that do not stand before a quote', () => {
    expect(valueOf("'a\\\\n\\n'")).toMatchObject({ value: 'a\\\\n\\n' });
  });
});

describe('the tree', () => {
  it('binds operators by precedence, to the left', () => {
    const shape = (e: Expression): string =>
      e.kind === 'binary' ? `(${shape(e.left)}${e.operator}${shape(e.right)})` : formatExpression(e);
    expect(shape(valueOf('1 - 2 - 3 * 4'))).toBe('((1-2)-(3*4))');
    expect(shape(valueOf('"a" < 1 == TRUE OR "b" AND "c"'))).toBe('((("a"<1)==TRUE)OR("b"AND"c"))');
    expect(shape(valueOf('-"a" * 2'))).toBe('(-"a"*2)');
    expect(shape(valueOf('x == 1 AND sqrt(4.0) > 1.0'))).toBe('((x==1)AND(sqrt(4.0)>1.0))');
  });

  it('reads statements that nothing separates', () => {
    expect(parse('var x=1 var y string stream|from()').statements.map((s) => s.kind)).toEqual([
      'declaration',
      'typeDeclaration',
      'chain',
    ]);
  });

  it('allows whole pipelines, lambdas and lists as arguments, and a comma after the last', () => {
    const chain = valueOf(`a|join(stream|from(), lambda: TRUE, ['x', y, *,],)`) as Chain;
    expect(chain.right).toMatchObject({ args: [{ kind: 'chain' }, { kind: 'lambda' }, { kind: 'list' }] });
  });

  it('allows none of them within an operation', () => {
    expect(() => parse('x|f(lambda: g(lambda: TRUE))')).toThrow('unexpected lambda');
    expect(() => parse('x|f(lambda: (a|b()))')).toThrow('unexpected |');
  });

  it('gives positions in bytes, of operations and chains that of the operator', () => {
    const [, chain] = parse(`var é = 'ü'\nstream\n  |from()`).statements;
    expect(chain).toMatchObject({
      position: { offset: 23, line: 3, char: 3 },
      left: { position: { offset: 14, line: 2, char: 1 } },
      right: { position: { offset: 24, line: 3, char: 4 } },
    });
  });

  it('attaches a comment to the next token that can carry it', () => {
    const program = parse('// the limit\n// of all\n\n//\nvar x = 5 // five\nstream|from(// a\n) // end');
    expect(program).toMatchObject({
      statements: [
        { kind: 'declaration', comment: { groups: [['the limit', 'of all'], ['']] } },
        { kind: 'chain', left: { comment: { groups: [['five']] } } },
      ],
      comment: { groups: [['a'], ['end']] },
    });
  });

  it('attaches a comment before a parenthesis to what is inside', () => {
    expect(valueOf('lambda: // why\n(1 > // one\n 0)')).toMatchObject({
      expression: { kind: 'binary', parenthesised: true, comment: { groups: [['why']] } },
    });
  });
});

describe('parseLambda', () => {
  it('reads the text of a lambda var', () => {
    expect(formatExpression(parseLambda('"v">1')).toString()).toBe('lambda: "v" > 1');
  });

  it('reports what is wrong as the parser does', () => {
    expect(() => parseLambda('"v" >')).toThrow(`parser: unexpected EOF line 1 char 6 in ""v" >". expected: ${OPERAND}`);
    expect(() => parseLambda('TRUE FALSE')).toThrow('unexpected FALSE line 1 char 6');
  });
});

describe('limits', () => {
  it.each([
    ['parentheses', '('.repeat(100_000)],
    ['signs', '-'.repeat(100_000)],
    ['calls', 'f('.repeat(100_000)],
    ['arguments', 'a|f('.repeat(100_000)],
  ])('refuse %s that nest too deep', (_, text) => {
    expect(() => parse(`var x = ${text}`)).toThrow('parser: expression nests deeper than 500 levels line 1 char ');
  });

  it('do not bind the length of chains and rows of operators', () => {
    expect(valueOf(`stream${'|a()'.repeat(10_000)}`).position.char).toBe(8 + 6 + 9_999 * 4 + 1);
    expect(formatExpression(valueOf(`1${' + 1'.repeat(10_000)}`))).toHaveLength(40_001);
  });
});
