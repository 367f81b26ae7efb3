import { describe, expect, it } from 'vitest';
import type { Statement } from './ast';
import { toAstJson } from './ast-json';
import { format, formatExpression } from './format';
import { formatFloat } from './format-literal';
import { literal } from './literal';
import { parse } from './parser';

const formatted = (text: string) => format(parse(text));

describe('format', () => {
  it('lays out chains, one node a line and its properties one level deeper', () => {
    expect(formatted(`stream|from().measurement('m')|eval(lambda:"a"+1).as('b')@udf(  )|log()`)).toBe(`stream
    |from()
        .measurement('m')
    |eval(lambda: "a" + 1)
        .as('b')
    @udf()
    |log()
`);
  });

  it('keeps line breaks between operands and drops idle parentheses', () => {
    expect(formatted(`stream|from().where(lambda: ("x" > 1 OR\n"y" < 2) AND !("z"))`)).toBe(`stream
    |from()
        .where(lambda: ("x" > 1 OR
                "y" < 2) AND
            !"z")
`);
  });

  it('puts each argument on a line of its own when the last did not start on the first', () => {
    expect(formatted(`a|eval(lambda: 1,\nlambda: 2).as('x', '''\n''')`)).toBe(`a
    |eval(
        lambda: 1,
        lambda: 2
    )
        .as('x', '''
''')
`);
  });

  it('separates statements by an empty line', () => {
    expect(formatted(`var x int dbrp "a"."b" var y=['a',] a.b()`)).toBe(
      `var x int\n\ndbrp "a"."b"\n\nvar y = ['a']\n\na\n        .b()\n`,
    );
  });

  it('writes literals as they were written, numbers in their shortest form', () => {
    expect(formatted('var a=60000ms var b=007 var c=1.50 var d=/a\\/b/ var e="a\\"b" var f=7µ var g = (5)')).toBe(
      'var a = 60000ms\n\nvar b = 07\n\nvar c = 1.5\n\nvar d = /a\\/b/\n\nvar e = "a\\"b"\n\nvar f = 7µ\n\nvar g = 5\n',
    );
  });

  it('moves comments in front of what they stand before', () => {
    expect(formatted(`//a\n//  b\n\n///c\nvar x = 5 // five\nstream // source\n|from() // end`)).toBe(`// a
//  b

// /c
var x = 5

// five
stream
    // source
    |from()

// end

`);
  });

  it('starts a new line for a comment in the middle of one', () => {
    expect(formatted('stream|where(lambda:\n// lower\n"v" > 1.0\n// upper\nAND "v" < 4.0)')).toBe(`stream
    |where(lambda: 
        // upper
        
        // lower
        "v" > 1.0 AND
        "v" < 4.0)
`);
  });

  it('keeps parentheses where what they hold could not be read without', () => {
    for (const text of [
      'var x = (\n    // five\n    5)\n',
      'var x = lambda: (/a/)\n',
      'var x = lambda: TRUE AND (*)\n',
      'var x = lambda: "a" =~ (\n    // why\n    /b/)\n',
    ]) {
      expect(formatted(formatted(text))).toBe(formatted(text));
    }
    expect(formatted('var x = 1 // one\nAND 2')).toBe('var x = (\n    // one\n    1 AND\n    2)\n');
  });

  it('keeps the text of a deeply nested script short', () => {
    const text = formatted(`var x = ${'a|b('.repeat(400)}${'a' + '|c()'.repeat(10_000)}${')'.repeat(400)}`);
    expect(text.length).toBeLessThan(10_400 * 170);
    expect(parse(text).statements).toHaveLength(1);
  });

  it('writes literals that a computation made', () => {
    expect(formatExpression(literal.duration(5_400_000_000_000n))).toBe('90m');
    expect(formatExpression(literal.int(-5n))).toBe('-5');
    expect(formatExpression(literal.list([literal.string("it's"), literal.star()]))).toBe("['it\\'s', *]");
  });
});

describe('formatFloat', () => {
  it.each([
    [1, '1.0'],
    [1.5, '1.5'],
    [1e21, '1000000000000000000000.0'],
    [1.5e25, '15000000000000000000000000.0'],
    [1e-7, '0.0000001'],
    [-1.25e-10, '-0.000000000125'],
    [-0, '-0.0'],
    [123456789.125, '123456789.125'],
    [5e-324, `0.${'0'.repeat(323)}5`],
  ])('writes %d as %s', (value, text) => {
    expect(formatFloat(value)).toBe(text);
  });

  it('keeps the value of the largest float', () => {
    expect(formatFloat(Number.MAX_VALUE)).toMatch(/^17976931348623157\d{292}\.0$/);
    expect(Number(formatFloat(Number.MAX_VALUE))).toBe(Number.MAX_VALUE);
  });
});

describe('toAstJson', () => {
  const json = (text: string): unknown => JSON.parse(toAstJson(parse(text).statements[0] as Statement));

  it('writes every kind of node with its type', () => {
    expect(json(`var x = lambda: f("a", -1) > 1.5 AND TRUE`)).toEqual({
      typeOf: 'declaration',
      left: { typeOf: 'identifier', ident: 'x' },
      right: {
        typeOf: 'lambda',
        expression: {
          typeOf: 'binary',
          operator: 'AND',
          left: {
            typeOf: 'binary',
            operator: '>',
            left: {
              typeOf: 'func',
              functionType: 'global',
              args: [
                { typeOf: 'reference', reference: 'a' },
                {
                  typeOf: 'unary',
                  operator: '-',
                  node: { typeOf: 'number', isint: true, isfloat: false, int64: 1, float64: 0, base: 10 },
                },
              ],
            },
            right: { typeOf: 'number', isint: false, isfloat: true, int64: 0, float64: 1.5, base: 0 },
          },
          right: { typeOf: 'bool', bool: true },
        },
      },
    });
    expect(json(`a@f(60s, /b/, ['c', *]).p`)).toEqual({
      typeOf: 'chain',
      operator: '.',
      left: {
        typeOf: 'chain',
        operator: '@',
        left: { typeOf: 'identifier', ident: 'a' },
        right: {
          typeOf: 'func',
          functionType: 'dynamic',
          args: [
            { typeOf: 'duration', duration: '1m' },
            { typeOf: 'regex', regex: 'b' },
            { typeOf: 'list', nodes: [{ typeOf: 'string', literal: 'c' }, { typeOf: 'star' }] },
          ],
        },
      },
      right: { typeOf: 'identifier', ident: 'p' },
    });
  });

  it('writes large ints digit by digit', () => {
    expect(toAstJson(literal.int(9007199254740993n))).toContain('"int64":9007199254740993,');
  });
});
