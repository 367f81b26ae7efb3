import { describe, expect, it } from 'vitest';
import { complete } from './completion';
import { testCatalog } from './testing/test-catalog';

/** The names that complete the script at its `^`. */
const names = (marked: string) =>
  complete(marked.replace('^', ''), marked.indexOf('^'), testCatalog).map(({ name }) => name);

describe('completion', () => {
  it('offers the chaining methods of the object behind a pipe', () => {
    expect(names('stream|^')).toEqual(['deadman', 'from', 'stats']);
    expect(names('stream|from()\n  |w^')).toEqual(['where', 'window']);
    expect(names('stream|from()|influxDBOut()|^')).toEqual(['deadman', 'stats']);
  });

  it('offers properties and handlers behind a dot', () => {
    expect(names('stream|from().^')).toEqual(['groupBy', 'measurement', 'quiet', 'truncate', 'where']);
    expect(names('stream|from()|alert().s^')).toEqual(['slack', 'stateChangesOnly']);
    expect(names('stream|from()|alert().slack().c^')).toEqual(['channel', 'crit']);
  });

  it('knows vars, and goes by the expression that the place is in', () => {
    expect(names("var w = stream|from()|window()\nw.^\nw|max('v')")).toEqual(['align', 'every', 'period', 'quiet']);
    expect(names('var a = stream|from()\na|join(a|win^)')).toEqual(['window']);
    expect(names("var alpha = 'x'\nstream|from().measurement(al^")).toEqual(['alpha']);
  });

  it('offers functions in lambdas', () => {
    expect(names('var limit = 5\nstream|from()|where(lambda: "v" > l^')).toEqual([
      'limit',
      'log',
      'log10',
      'log1p',
      'log2',
      'logb',
    ]);
    expect(names('stream|from()|where(lambda: sq^')).toEqual(['sqrt']);
  });

  it('offers sources, vars and keywords at the start of a statement', () => {
    expect(names('var x = stream|from()\n^')).toEqual(['dbrp', 'stream', 'time', 'var', 'x']);
    expect(names('^')).toEqual(['batch', 'dbrp', 'stream', 'var']);
  });

  it('offers nothing inside of strings, references and comments', () => {
    expect(names("stream|from().measurement('s^')")).toEqual([]);
    expect(names('stream|from().where(lambda: "s^')).toEqual([]);
    expect(names('// s^')).toEqual([]);
  });

  it('tells what each name is', () => {
    expect(complete('stream|from().mea', 17, testCatalog)).toEqual([
      { name: 'measurement', kind: 'property', summary: 'The measurement.' },
    ]);
  });
});
