import { describe, expect, it } from 'vitest';
import { format } from './format';
import { parseLenient } from './lenient';
import { parse } from './parser';

describe('parseLenient', () => {
  it('finds independent errors and keeps the statements between them', () => {
    const { program, errors } = parseLenient(`var é = 5 +
var y = 3
stream|from(
  |x()
var z = 4 // four

batch|query('q').x(#)
a|b() // end`);
    expect(errors.map((e) => e.message.replace(/ in ".*/s, ''))).toEqual([
      'parser: unexpected var line 2 char 1',
      'parser: unexpected | line 4 char 3',
      `parser: unexpected unknown state, last char: '#' line 7 char 20`,
    ]);
    expect(errors.map((e) => e.position?.offset)).toEqual([13, 38, 81]);
    expect(format(program)).toBe('var y = 3\n\nvar z = 4\n\na\n    |b()\n\n// end\n\n');
  });

  it('reads a script without errors as parse does', () => {
    const text = 'var x = 1\n// c\nstream\n|from()\n// end';
    expect(parseLenient(text)).toEqual({ program: parse(text), errors: [] });
  });

  it('goes on after an error in a literal', () => {
    expect(parseLenient('var x = 089\nvar y = /(/\nvar z = 1').errors.map((e) => e.message)).toEqual([
      'parser: illegal number syntax: "089"',
      'parser: error parsing regexp: missing closing ): `(`',
    ]);
  });

  it('stops after a hundred errors', () => {
    expect(parseLenient('stream|(\n'.repeat(10_000)).errors).toHaveLength(100);
  });
});
