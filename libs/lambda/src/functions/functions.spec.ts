import { DurationValue } from '@supercap/data-model';
import { describe, expect, it } from 'vitest';
import { evaluateText } from '../lambda.fixture';
import { functionCatalog } from './catalog';

const parts = {
  fields: { x33: 'a1a2 x33', e: 'é', hello: 'hello', tiny: 1.5e-7, huge: 1e21, nz: -0.4, frac: 123456789.125 },
  time: 1_483_228_799_999_999_999n,
};
const evaluate = (text: string) => evaluateText(text, parts);
const seconds = (n: number) => new DurationValue(BigInt(n * 1e9));

describe('conversion', () => {
  it.each([
    ["bool('t')", true],
    ["bool('FALSE')", false],
    ['bool(1)', true],
    ['bool(0.0)', false],
    ['bool(2)', '✗ error calling "bool": cannot convert 2 to boolean'],
    ['bool(0.5)', '✗ error calling "bool": cannot convert 0.5 to boolean'],
    ["bool('yes')", '✗ error calling "bool": strconv.ParseBool: parsing "yes": invalid syntax'],
    ['int(3.99)', 3n],
    ['int(-3.99)', -3n],
    ["int('12')", 12n],
    ["int('+0012')", 12n],
    ["int('-9223372036854775808')", -(2n ** 63n)],
    [
      "int('9223372036854775808')",
      '✗ error calling "int": strconv.ParseInt: parsing "9223372036854775808": value out of range',
    ],
    ["int('1.5')", '✗ error calling "int": strconv.ParseInt: parsing "1.5": invalid syntax'],
    ["int('')", '✗ error calling "int": strconv.ParseInt: parsing "": invalid syntax'],
    ['int(1.0 / 0.0)', -(2n ** 63n)],
    ['int(TRUE)', 1n],
    ["float('1e3')", 1000],
    ["float('-.5')", -0.5],
    ["float('inf')", Infinity],
    ["float('-Infinity')", -Infinity],
    ["float('NaN')", NaN],
    ["float('0x1.8p1')", 3],
    ["float('1_000.5')", 1000.5],
    ["float('1__0')", '✗ error calling "float": strconv.ParseFloat: parsing "1__0": invalid syntax'],
    ["float('1e999')", '✗ error calling "float": strconv.ParseFloat: parsing "1e999": value out of range'],
    ["float('')", '✗ error calling "float": strconv.ParseFloat: parsing "": invalid syntax'],
    ["float('0x10')", '✗ error calling "float": strconv.ParseFloat: parsing "0x10": invalid syntax'],
    ["float('1 ')", '✗ error calling "float": strconv.ParseFloat: parsing "1 ": invalid syntax'],
    ['float(3)', 3],
    ['string(1.0)', '1'],
    ['string("tiny")', '0.00000015'],
    ['string("huge")', '1000000000000000000000'],
    ['string("frac")', '123456789.125'],
    ['string(ceil("nz"))', '-0'],
    ['string(1.0 / 0.0)', '+Inf'],
    ['string(-1.0 / 0.0)', '-Inf'],
    ['string(sqrt(-1.0))', 'NaN'],
    ['string(90m)', '90m'],
    ['string(14d)', '2w'],
    ['string(10s / 3)', '3333333u'],
    ['string(-5s)', '-5s'],
    ['string(TRUE)', 'true'],
    ['duration(90, 1s)', seconds(90)],
    ['duration(1.5, 1s)', seconds(1.5)],
    ["duration('1h30m', 1s)", seconds(5400)],
    ["duration('10', 1s)", '✗ error calling "duration": invalid duration string "10"'],
  ])('%s gives %s', (text, expected) => {
    expect(evaluate(text)).toEqual(expected);
  });
});

describe('strings', () => {
  it.each([
    ["strLength('é')", 2n],
    ["strLength('😀a')", 5n],
    ["strIndex('éa', 'a')", 2n],
    ["strIndex('a', 'b')", -1n],
    ["strLastIndex('é', '')", 2n],
    ["strLastIndex('héllé', 'é')", 5n],
    ["strIndexAny('hello', 'ol')", 2n],
    ["strLastIndexAny('xéy😀z', '😀é')", 4n],
    ["strContains('hello', 'ell')", true],
    ["strContainsAny('hello', 'xyz')", false],
    ["strCount('ababab', 'ab')", 3n],
    ["strCount('aaa', 'aa')", 1n],
    ["strCount('é', '')", 2n],
    ["strHasPrefix('hello', 'he')", true],
    ["strHasSuffix('hello', 'lo')", true],
    ["strReplace('banana', 'a', 'bb', 1)", 'bbbnana'],
    ["strReplace('banana', 'a', '', 0)", 'banana'],
    ["strReplace('xyz', '', '-', -1)", '-x-y-z-'],
    ["strReplace('xyz', '', '-', 2)", '-x-yz'],
    ["strReplace('a.a', '.', '$&', -1)", 'a$&a'],
    ["strSubstring('hello', 1, 3)", 'el'],
    ["strSubstring('hello', 2, 2)", ''],
    ["strSubstring('aéb', 1, 3)", 'é'],
    [
      "strSubstring('hello', 1, 5)",
      '✗ error calling "strSubstring": stop index too large for string in strSubstring: 5',
    ],
    ["strSubstring('hello', -1, 2)", '✗ error calling "strSubstring": found negative index for strSubstring: -1'],
    ["strSubstring('hello', 3, 1)", '✗ runtime error: slice bounds out of range'],
    ["strToLower('HÉİ')", 'héi'],
    ["strToUpper('Àßx')", 'ÀßX'],
    ["strTrim('xyhiyx', 'xy')", 'hi'],
    ["strTrim('😀hi😀', '😀')", 'hi'],
    ["strTrimLeft('xyhiyx', 'xy')", 'hiyx'],
    ["strTrimRight('xyhiyx', 'xy')", 'xyhi'],
    ["strTrimPrefix('xyxyhi', 'xy')", 'xyhi'],
    ["strTrimSuffix('hixyxy', 'xy')", 'hixy'],
    ["strTrimSpace('  hi\t ')", 'hi'],
    ["strTrimSpace('\u0085hi\ufeff\u3000')", 'hi\ufeff'],
    ['regexReplace(/a(\\d)/, "x33", \'b$1\')', 'b1b2 x33'],
    ['regexReplace(/(?P<x>\\d+)/, "x33", \'<${x}>\')', 'a<1>a<2> x<33>'],
    [
      "regexReplace('a', 'a', 'b')",
      '✗ Cannot call function "regexReplace" with args (a: string,a: string,b: string), available signatures are [(regex,string,string)].',
    ],
  ])('%s gives %s', (text, expected) => {
    expect(evaluate(text)).toBe(expected);
  });
});

describe('strings that would grow beyond all bounds', () => {
  const long = { fields: { s: 'x'.repeat(3_000_000) } };

  it.each([
    '"s" + "s"',
    `strReplace("s", 'x', 'yyyy', -1)`,
    `strReplace("s", '', 'y', -1)`,
    `regexReplace(/x/, "s", '$0$0')`,
  ])(
    '%s fails',
    (text) => {
      expect(evaluateText(text, long)).toMatch(/^✗ string is longer than 4194304 characters$/);
    },
    60_000,
  );
});

describe('time and the rest', () => {
  it('takes a time apart in the zone of the process', () => {
    const date = new Date(1_483_228_799_999);
    const parts = ['minute', 'hour', 'weekday', 'day', 'month', 'year'].map((name) => evaluate(`${name}("time")`));
    expect(parts).toEqual(
      [date.getMinutes(), date.getHours(), date.getDay(), date.getDate(), date.getMonth() + 1, date.getFullYear()].map(
        BigInt,
      ),
    );
    expect(evaluateText('minute("time")', { time: -1n })).toBe(59n);
  });

  it.each([
    ['humanBytes(0)', '0 B'],
    ['humanBytes(9)', '9 B'],
    ['humanBytes(10)', '10 B'],
    ['humanBytes(1000)', '1.0 kB'],
    ['humanBytes(82854982.5)', '83 MB'],
    ['humanBytes(-5)', '18 EB'],
    ['humanBytes(1500000.0)', '1.5 MB'],
    ['humanBytes(12500)', '12 kB'],
    ['if(1 > 2, 1s, 2s)', seconds(2)],
    ["'b' =~ if(TRUE, /a/, /b/)", false],
    ['isPresent("none")', false],
    ['isPresent(5)', true],
    ['rand() >= 0 AND rand(3) < 3', true],
    ['rand(0)', '✗ error calling "rand": argument must be positive'],
  ])('%s gives %s', (text, expected) => {
    expect(evaluate(text)).toEqual(expected);
  });
});

describe('the catalog', () => {
  it('has every function with a summary and signatures that differ', () => {
    expect(functionCatalog.size).toBe(83);
    for (const [name, { summary, signatures }] of functionCatalog) {
      expect(summary, name).toMatch(/^[A-Za-z].*\.$/);
      expect(new Set(signatures.map(({ args }) => args.join())).size, name).toBe(signatures.length);
    }
  });
});
