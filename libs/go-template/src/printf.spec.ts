import { DurationValue, Tags, TimeValue } from '@supercap/data-model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sprintf } from './printf';
import { goInt, NamedValue, struct, type TemplateValue } from './value';

const cases = (list: readonly (readonly [format: string, args: readonly TemplateValue[], expected: string])[]) =>
  list.map(([format, args, expected]) => [format, expected, args] as const);

describe('sprintf', () => {
  it.each(
    cases([
      [
        '%f|%.2f|%8.3f|%-8.1f|%+.1f|%08.2f',
        [1.5, 1.5, 1.5, 1.5, 1.5, 1.5],
        '1.500000|1.50|   1.500|1.5     |+1.5|00001.50',
      ],
      ['%e|%E|%.0e|%.3e', [1.5, 1.5, 2.5, 12345.678], '1.500000e+00|1.500000E+00|2e+00|1.235e+04'],
      ['%.0f %.0f %.0f %.1f %.2f', [0.5, 1.5, 2.5, 0.25, 1.005], '0 2 2 0.2 1.00'],
      ['%g %g %g %g', [100000, 1000000, 0.0001, 0.00001], '100000 1e+06 0.0001 1e-05'],
      ['%v %v %v', [1e20, 1e21, 123456789], '1e+20 1e+21 1.23456789e+08'],
      ['%.3g %.3g %.10g %G', [1234.5678, 0.00012345, 1234.5678, 1e-10], '1.23e+03 0.000123 1234.5678 1E-10'],
      ['%#g %#.3g %#.0f', [1, 1, 1], '1.00000 1.00 1.'],
      ['%f %5.1f %-6fx', [Infinity, NaN, -Infinity], '+Inf   NaN -Inf  x'],
      ['%+f % f %06f', [NaN, Infinity, Infinity], '+NaN  Inf   +Inf'],
      ['%.25f', [0.1], '0.1000000000000000055511151'],
      ['%.3f', [1e21], '1000000000000000000000.000'],
      ['%s|%d|%t', [1.5, 1.5, 1.5], '%!s(float64=1.5)|%!d(float64=1.5)|%!t(float64=1.5)'],
    ]),
  )('writes floats with %s as %s', (format, expected, args) => {
    expect(sprintf(format, args)).toBe(expected);
  });

  it.each(
    cases([
      ['%d|%5d|%-5d|%05d|%+d|% d', [42n, 42n, 42n, 42n, 42n, 42n], '42|   42|42   |00042|+42| 42'],
      ['%x|%X|%o|%b|%#x|%#o|%O', [42n, 42n, 42n, 42n, 42n, 42n, 42n], '2a|2A|52|101010|0x2a|052|0o52'],
      ['%c|%q|%U|%#U', [42n, 42n, 233n, 233n], "*|'*'|U+00E9|U+00E9 'é'"],
      ['%.4d|%6.3d|%.0d|%06d', [42n, 7n, 0n, -42n], '0042|   007||-00042'],
      ['%d %x', [-(2n ** 63n), -255n], '-9223372036854775808 -ff'],
      ['%s %f %t', [1n, 1n, goInt(1n)], '%!s(int64=1) %!f(int64=1) %!t(int=1)'],
    ]),
  )('writes ints with %s as %s', (format, expected, args) => {
    expect(sprintf(format, args)).toBe(expected);
  });

  it.each(
    cases([
      [
        '%s|%6s|%-6s|%q|%x|%X|%.2s|%v',
        ['txt', 'txt', 'txt', 'txt', 'txt', 'txt', 'txt', 'txt'],
        'txt|   txt|txt   |"txt"|747874|747874|tx|txt',
      ],
      ['%-5s|%5s|%.1s', ['né', 'né', 'é!'], 'né   |   né|é'],
      ['%q %+q %#q', ['a"\n\u0001é', 'é😀', 'a"b'], '"a\\"\\n\\x01é" "\\u00e9\\U0001f600" `a"b`'],
      ['% x|%# x', ['abc', 'abc'], '61 62 63|0x61 0x62 0x63'],
      ['%d|%d', ['hi', true], '%!d(string=hi)|%!d(bool=true)'],
      ['%t %v %5t', [true, false, true], 'true false  true'],
    ]),
  )('writes text with %s as %s', (format, expected, args) => {
    expect(sprintf(format, args)).toBe(expected);
  });

  it.each(
    cases([
      ['%s %v %d', [new DurationValue(65_250_000_000n), new DurationValue(0n), new DurationValue(5n)], '1m5.25s 0s 5'],
      [
        '%v|%s',
        [new TimeValue(0n), new TimeValue(500_000_000n)],
        '1970-01-01 00:00:00 +0000 UTC|1970-01-01 00:00:00.5 +0000 UTC',
      ],
      [
        '%v %s %d',
        [
          new NamedValue('alert.Level', 3n, 'CRITICAL'),
          new NamedValue('alert.Level', 3n, 'CRITICAL'),
          new NamedValue('alert.Level', 3n, 'CRITICAL'),
        ],
        'CRITICAL CRITICAL 3',
      ],
      ['%v %v', [Tags.from({ b: '2', a: '1' }), { y: 1.5, x: null }], 'map[a:1 b:2] map[x:<nil> y:1.5]'],
      [
        '%v %d %5.1f',
        [
          [1n, 'x'],
          [1n, 2n],
          [1.25, 2],
        ],
        '[1 x] [1 2] [  1.2   2.0]',
      ],
      ['%v %+v', [struct('k.T', { A: 1n, B: 'x' }), struct('k.T', { A: 1n, B: 'x' })], '{1 x} {A:1 B:x}'],
      ['%#v %#v', [{ a: 'x' }, [1n]], 'map[string]interface {}{"a":"x"} []interface {}{1}'],
      ['%T %T %T %T', [1.5, 1n, goInt(1n), struct('k.T', {})], 'float64 int64 int k.T'],
      ['%v %s %d', [null, undefined, null], '<nil> %!s(<nil>) %!d(<nil>)'],
    ]),
  )('writes other values with %s as %s', (format, expected, args) => {
    expect(sprintf(format, args)).toBe(expected);
  });

  it.each(
    cases([
      ['%d%%', [5n], '5%'],
      ['%d %d', [1n], '1 %!d(MISSING)'],
      ['%d', [1n, 'x', null], '1%!(EXTRA string=x, <nil>)'],
      ['%', [], '%!(NOVERB)'],
      ['%z', [1n], '%!z(int64=1)'],
      ['%*d|%-*d|%.*f', [5n, 42n, 4n, 42n, 1n, 1.25], '   42|42  |1.2'],
      ['%*d', ['x', 42n], '%!(BADWIDTH)42'],
      ['%[2]d %[1]d', [1n, 2n], '2 1'],
      ['%[3]d', [1n], '%!d(BADINDEX)'],
      ['%9999999d', [1n], '%!(BADWIDTH)1'],
    ]),
  )('writes what is wrong with %s as %s', (format, expected, args) => {
    expect(sprintf(format, args)).toBe(expected);
  });

  it('writes the shortest float that reads back the same', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(sprintf('%v', [value]))).toBe(value);
        expect(Number(sprintf('%.17g', [value]))).toBe(value);
        expect(Number(sprintf('%.20e', [value]))).toBe(value);
      }),
    );
  });

  it('takes any format', () => {
    const piece = fc.constantFrom(
      '%',
      '+',
      '-',
      '#',
      '0',
      '5',
      '.',
      '*',
      '[',
      ']',
      '1',
      'd',
      's',
      'v',
      'x',
      'é',
      'q',
      'T',
      ' ',
    );
    const value = fc.oneof(
      fc.string(),
      fc.double(),
      fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
      fc.boolean(),
      fc.constant(null),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.array(value, { maxLength: 4 }), (format, args) => {
        expect(typeof sprintf(format.join(''), args)).toBe('string');
      }),
      { numRuns: 1000 },
    );
  });
});
