import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatFloat, formatFloatGeneral, parseFloat64, parseInt64, quote } from './go-text';

describe('floats', () => {
  it('are written without exponent and read back as they were', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = formatFloat(value);
        expect(text).toMatch(/^-?\d+(\.\d+)?$/);
        expect(parseFloat64(text)).toBe(value);
      }),
    );
  });

  it.each([
    [1e-10, '0.0000000001'],
    [-1.25e25, '-12500000000000000000000000'],
    [5e-324, `0.${'0'.repeat(323)}5`],
    [123.456, '123.456'],
  ])('%d is written %s', (value, text) => {
    expect(formatFloat(value)).toBe(text);
  });

  it.each([
    [1e-5, '1e-05'],
    [1.5e22, '1.5e+22'],
    [0.0001, '0.0001'],
    [1e100, '1e+100'],
  ])('%d is %s in general form', (value, text) => {
    expect(formatFloatGeneral(value)).toBe(text);
  });

  it.each([
    ['0x1p-2', 0.25],
    ['-0x.8p1', -1],
    ['0X_1F.Fp0', 31.9375],
    ['0x1p-1074', 5e-324],
    ['0x1p-1075', 0],
    ['0x1.8p-1075', 5e-324],
    ['0x1.00000000000008p0', 1],
    ['0x1.00000000000018p0', 1 + 2 ** -51],
    ['0x0p99999', 0],
  ])('%s is read as %d', (text, value) => {
    expect(parseFloat64(text)).toBe(value);
  });

  it.each(['0x1', '0xp1', '1e', 'e5', '.', '+nan', '1_', '_1', '1._5', '0x', ' 1', '١'])('%s is refused', (text) => {
    expect(parseFloat64(text)).toBe(`strconv.ParseFloat: parsing ${quote(text)}: invalid syntax`);
  });

  it('beyond the range are refused', () => {
    expect(parseFloat64('0x1p1024')).toBe('strconv.ParseFloat: parsing "0x1p1024": value out of range');
  });
});

it('reads every int64 and nothing beyond', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }), (value) => {
      const inRange = BigInt.asIntN(64, value) === value;
      expect(parseInt64(value.toString())).toBe(
        inRange ? value : `strconv.ParseInt: parsing "${value}": value out of range`,
      );
    }),
  );
});

it('quotes as Go does', () => {
  expect(quote('a"b\\c\n\u0000\u0085é\u2028 \u00a0😀')).toBe('"a\\"b\\\\c\\n\\x00\\u0085é\\u2028 \\u00a0😀"');
});
