import { DurationValue, Tags, TimeValue } from '@supercap/data-model';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sprintf } from './printf';
import { goInt, NamedValue, struct, type TemplateValue } from './value';

const values: Readonly<Record<string, TemplateValue>> = {
  nil: null,
  true: true,
  int64: -42n,
  int: goInt(233n),
  zero: 0n,
  smallest: -(2n ** 63n),
  float: 1234.5678,
  whole: -3,
  tiny: 1e-7,
  huge: 1e21,
  NaN: NaN,
  infinity: -Infinity,
  text: 'né "x"',
  empty: '',
  duration: new DurationValue(65_250_000_000n),
  time: new TimeValue(1_500_000_000_250_000_000n),
  level: new NamedValue('main.Level', 3n, 'CRITICAL'),
  tags: Tags.from({ host: 'a', dc: 'x' }),
  list: [7n, 'b', null, 0.5],
  fields: { v: 1.5, n: 42n, s: 'txt', d: new DurationValue(5n), b: true },
  struct: struct('main.Info', { A: 7n, B: 'q' }),
};

/** What Go's fmt.Sprintf gives: format, name of the value, and the text as JSON. */
const golden = readFileSync(new URL('testing/printf.golden.txt', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => line.split('\t') as [format: string, name: string, json: string]);

const verbs = [...new Set(golden.map(([format]) => verbOf(format)))];

function verbOf(format: string): string {
  return /[a-zA-Z]/.exec(format)![0];
}

describe('as Go, every type of value', () => {
  it.each(verbs)('under %s', (verb) => {
    const lines = golden.filter(([format]) => verbOf(format) === verb);
    const written = lines.map(([format, name]) => `${format}\t${name}\t${sprintf(format, [values[name]])}`);
    expect(written).toEqual(lines.map(([format, name, json]) => `${format}\t${name}\t${JSON.parse(json) as string}`));
  });
});
