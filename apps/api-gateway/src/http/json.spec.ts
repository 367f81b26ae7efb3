import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compactJson, indentedJson, RawJson, type JsonValue } from './json';

const escapeHtml = (text: string) =>
  text.replace(/[<>&\u2028\u2029\b\f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
/** JSON.stringify has short forms for two characters that the original has not. */
const expected = (value: unknown, indent?: number) =>
  escapeHtml(
    JSON.stringify(value, null, indent).replace(/\\([bf\\])/g, (all, c) =>
      c === 'b' ? '\\u0008' : c === 'f' ? '\\u000c' : all,
    ),
  );

const text = fc.string({ unit: 'grapheme' });
const { tree } = fc.letrec<{ tree: JsonValue }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.double({ noDefaultInfinity: true, noNaN: true }).filter((value) => !Object.is(value, -0)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(text, tie('tree'), { maxKeys: 4 }),
  ),
}));

describe('the text of answers', () => {
  it('is that of JSON.stringify with four blanks, but for what HTML must not see', () => {
    fc.assert(
      fc.property(tree, (value) => {
        expect(indentedJson(value)).toBe(expected(value, 4));
        expect(compactJson(value)).toBe(expected(value));
      }),
    );
  });

  it('reads back as what was written', () => {
    fc.assert(
      fc.property(tree, (value) => {
        expect(JSON.parse(indentedJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('lays out JSON that was made before like its own', () => {
    fc.assert(
      fc.property(tree, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        expect(indentedJson({ raw: new RawJson(compactJson(value)) })).toBe(indentedJson({ raw: value }));
        const spread = new RawJson(JSON.stringify(value, null, indent));
        expect(JSON.parse(indentedJson([spread]))).toEqual([JSON.parse(spread.text)]);
        expect(indentedJson([spread])).not.toMatch(/[<>&]/);
      }),
    );
  });

  it('keeps numbers that no float can hold', () => {
    expect(compactJson({ a: 9007199254740993n })).toBe('{"a":9007199254740993}');
    expect(indentedJson({ a: new RawJson('[9007199254740993,1.50]') })).toBe(
      '{\n    "a": [\n        9007199254740993,\n        1.50\n    ]\n}',
    );
  });

  it('escapes what HTML must not see, and no other letter', () => {
    expect(indentedJson({ '<&>': 'é "q" \\ \t\u2028' })).toBe(
      '{\n    "\\u003c\\u0026\\u003e": "é \\"q\\" \\\\ \\t\\u2028"\n}',
    );
  });

  it('leaves out absent members, and writes empty lists and objects on one line', () => {
    expect(indentedJson({ a: undefined, b: [], c: {}, d: new RawJson('{ }') })).toBe(
      '{\n    "b": [],\n    "c": {},\n    "d": {}\n}',
    );
    expect(compactJson([undefined, null])).toBe('[null,null]');
  });
});
