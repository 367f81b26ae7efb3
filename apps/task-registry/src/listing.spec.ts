import { describe, expect, it } from 'vitest';
import { Glob, select } from './listing';
import { listRequest } from './testing/fakes';

const matches = (pattern: string, text: string) => Glob.read(pattern)!.matches(text);
const ids = (request: Parameters<typeof listRequest>[0]) =>
  select(['a', 'ab', 'b', 'c'], listRequest(request), (id) => id);

describe('glob', () => {
  it.each([
    ['', 'anything', true],
    ['*', 'anything', true],
    ['*', '', true],
    ['*', 'a/b', false],
    ['*/*', 'a/b', true],
    ['?', 'ü', true],
    ['?', '/', false],
    ['a?c', 'abc', true],
    ['a*c', 'abcbc', true],
    ['a*c', 'abcd', false],
    ['*b*b*', 'abb', true],
    ['*b*b*', 'ab', false],
    ['[a-c]x', 'bx', true],
    ['[a-c]x', 'dx', false],
    ['[^a-c]x', 'dx', true],
    ['[^a]', '/', false],
    ['[a\\]]', ']', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['.', 'a', false],
  ])('%j on %j is %s', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  it.each(['[', '[a', '[]', '[]a]', '[^]', '[-]', '[a-]', '[-a]', 'a\\', '[\\'])('refuses %j', (pattern) => {
    expect(Glob.read(pattern)).toBeUndefined();
  });

  it('is not slowed down by many stars', () => {
    const start = performance.now();
    expect(matches('*a'.repeat(300) + 'b', 'a'.repeat(1000))).toBe(false);
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe('select', () => {
  it('takes a page of what matches', () => {
    expect(ids({ pattern: '[ab]*', offset: 1, limit: 2 })).toEqual(['ab', 'b']);
    expect(ids({ limit: 0 })).toEqual([]);
    expect(ids({ offset: 9 })).toEqual([]);
  });

  it('takes nothing with a malformed pattern', () => {
    expect(ids({ pattern: '[' })).toEqual([]);
  });

  it('takes all with a negative limit, whatever the pattern and the offset', () => {
    expect(ids({ pattern: 'x', offset: 3, limit: -1 })).toEqual(['a', 'ab', 'b', 'c']);
  });
});
