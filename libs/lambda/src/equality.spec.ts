import { parseLambda } from '@supercap/tickscript';
import { describe, expect, it } from 'vitest';
import { findTagEquality } from './equality';

describe('a tag that decides', () => {
  it.each([
    ['"host" == \'h1\'', { tag: 'host', value: 'h1', whole: true }],
    ['\'h1\' == "host"', { tag: 'host', value: 'h1', whole: true }],
    ['"host" == \'h1\' AND "v" > 5 AND "w" > 1', { tag: 'host', value: 'h1', whole: false }],
    // The first part fails where "v" is missing, on every host.
    ['"v" > 5 AND "host" == \'h1\'', undefined],
    // The type of "flag" is looked up on every host.
    ['"host" == \'h1\' AND "flag"', undefined],
    ['"host" == \'h1\' OR "v" > 5', undefined],
    ['"host" != \'h1\'', undefined],
    ['"host" == "v"', undefined],
    ['"time" == \'h1\'', undefined],
  ])('%s is decided by %j', (text, expected) => {
    expect(findTagEquality(parseLambda(text).expression)).toEqual(expected);
  });
});
