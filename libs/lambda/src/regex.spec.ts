import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { compileRegex } from './regex';
import { toNativeRegex } from './regex-native';

describe('matching', () => {
  it.each([
    ['^a.c$', 'abc', true],
    ['^a.c$', 'a\nc', false],
    ['(?s)a.c', 'a\nc', true],
    ['a.c', 'a\u2028c', true],
    ['(?m)^c$', 'ab\nc', true],
    ['^c$', 'ab\nc', false],
    ['(?i)abc', 'xABCx', true],
    ['[[:upper:]]', 'ab', false],
    ['\\s', '\u00a0', false],
    ['\\w', 'é', false],
    ['^.$', '😀', true],
    ['é+', 'caféé', true],
    ['a{,2}', 'a{,2}', true],
    ['\\Qa.b\\E', 'a.b', true],
    ['^h[0-9]*7$', 'h1237', true],
    ['^h[0-9]*7$', 'h1238', false],
    ['web|db$', 'mydb', true],
    ['', 'x', true],
  ])('/%s/ on %j: %s', (pattern, text, expected) => {
    expect(compileRegex(pattern).test(text)).toBe(expected);
  });

  it('agrees with the linear engine wherever the native one is used', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      'é',
      '.',
      '\\d',
      '\\w',
      '\\.',
      '\\$',
      '\\\\',
      '[ab]',
      '[^a]',
      '[a-c0-9]',
      '[\\d-]',
      '-',
      ' ',
      '_',
      '/',
      '\\/',
      '*',
      '+',
      '?',
      '{2}',
      '{1,3}',
      '{0,}',
      '|',
      '^',
      '$',
      '(',
      ')',
      '(?i)',
      '😀',
      '"',
      '[.]',
      '[a-]',
    );
    const pattern = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
    const text = fc
      .array(
        fc.constantFrom('a', 'b', 'c', 'A', 'é', '1', '.', '$', '\\', '-', ' ', '\n', '\u2028', '😀', '_', '/', '"'),
        { maxLength: 8 },
      )
      .map((cs) => cs.join(''));
    let native = 0;
    fc.assert(
      fc.property(pattern, fc.array(text, { minLength: 5, maxLength: 5 }), (source, texts) => {
        const translated = toNativeRegex(source);
        if (translated === undefined) return;
        native++;
        // What Go refuses never gets as far as the native engine.
        const linear = RE2JS.compile(source);
        for (const t of texts) expect([source, t, translated.regex.test(t)]).toEqual([source, t, linear.test(t)]);
      }),
      { numRuns: 3000 },
    );
    expect(native).toBeGreaterThan(300);
  });

  it.each(['^h[0-9]*7$', 'web-\\d+', 'eu|us', '(?i)error', '^srv_[a-z]{2}\\d{1,3}$', '\\.com$', 'foo.*bar'])(
    '/%s/ is matched natively',
    (pattern) => {
      expect(toNativeRegex(pattern)).toBeDefined();
    },
  );

  it.each([
    '(a+)+$',
    '^(a|a)*$',
    '^(a|b|ab)*c$',
    'a*a*a*b',
    '.*.*.*=.*',
    '^a?a?a?a?a?a?a?a?a?a?aaaaaaaaaa$',
    'x*y',
    'foo.*bar',
    '[a-z]+@',
  ])('/%s/ takes no more than linear time on a long text', (pattern) => {
    const regex = compileRegex(pattern);
    const start = performance.now();
    for (const text of ['a'.repeat(50_000), 'x'.repeat(50_000), 'foo'.repeat(20_000)]) regex.test(text);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('replacing', () => {
  it.each([
    ['a*', 'baaac', 'x', 'xbxcx'],
    ['a(x*)b', '-ab-axxb-', '$1', '--xx-'],
    ['a(x*)b', '-ab-axxb-', '${1}W', '-W-xxW-'],
    ['(\\w)', 'ab', '$1x', ''],
    ['(\\w)', 'ab', '$$', '$$'],
    ['(\\w)', 'ab', '$', '$$'],
    ['(?P<constructor>a)|b', 'ab', '<$constructor>', '<a><>'],
    ['a', 'a', '$toString$9$__proto__', ''],
    ['é', 'aéb', '$0$0', 'aééb'],
  ])('/%s/ in %j by %j gives %j', (pattern, text, replacement, expected) => {
    expect(compileRegex(pattern).replaceAll(text, replacement)).toBe(expected);
  });
});

it.each([
  ['(abc', 'error parsing regexp: missing closing ): `(abc`'],
  ['a**', 'error parsing regexp: invalid nested repetition operator: `**`'],
  ['[b-a]', 'error parsing regexp: invalid character class range: `b-a`'],
  ['(?=x)', 'error parsing regexp: invalid or unsupported Perl syntax: `(?=`'],
  ['x\\', 'error parsing regexp: trailing backslash at end of expression: ``'],
  ['a{1001}', 'error parsing regexp: invalid repeat count: `{1001}`'],
])('refuses /%s/ with the text of Go', (pattern, message) => {
  expect(() => compileRegex(pattern)).toThrow(message);
});
