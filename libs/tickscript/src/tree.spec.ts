import { describe, expect, it } from 'vitest';
import type { Declaration, Expression } from './ast';
import { formatExpression } from './format';
import { literal } from './literal';
import { parse } from './parser';
import { mapExpression, walk } from './tree';

const valueOf = (text: string): Expression => (parse(`var x = ${text}`).statements[0] as Declaration).value;
const withFive = (text: string) =>
  formatExpression(mapExpression(valueOf(text), (id) => (id.name === 'n' ? literal.int(5n) : id)));

describe('mapExpression', () => {
  it('replaces identifiers wherever they are values', () => {
    expect(withFive('lambda: -n + f(n, "n") * (m + n)')).toBe('lambda: -5 + f(5, "n") * (m + 5)');
    expect(withFive('n|n(n, n).n')).toBe('5\n    |n(5, 5)\n        .n');
  });

  it('leaves an item of a list alone when the replacement cannot stand there', () => {
    expect(withFive(`['a', n, m]`)).toBe(`['a', n, m]`);
    expect(formatExpression(mapExpression(valueOf('[a, b]'), (id) => literal.string(id.name)))).toBe(`['a', 'b']`);
  });

  it('gives the same node back when nothing changes', () => {
    const value = valueOf(`a|f(lambda: "x" > 1 AND g(-y), ['b', c])`);
    expect(mapExpression(value, (id) => id)).toBe(value);
  });

  it('copes with a row of ten thousand operators', () => {
    expect(withFive(`n${' + n'.repeat(10_000)}`)).toBe(`5${' + 5'.repeat(10_000)}`);
  });
});

describe('walk', () => {
  it('visits nodes in the order of the text and skips what it is told to', () => {
    const seen: string[] = [];
    walk(parse('var x = a|f(lambda: b, c) dbrp "d"."e"'), (node) => {
      seen.push(node.kind === 'identifier' ? node.name : node.kind);
      return node.kind !== 'lambda';
    });
    expect(seen).toEqual([
      'program',
      'declaration',
      'x',
      'chain',
      'a',
      'call',
      'lambda',
      'c',
      'dbrp',
      'reference',
      'reference',
    ]);
  });
});
