import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../template';
import { fuzz } from '../template.fuzz';

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '<',
        '>',
        '"',
        "'",
        '`',
        '=',
        '&',
        '/',
        '\\',
        ' ',
        '\n',
        '</script>',
        '-->',
        ')',
        '(',
        ';',
        'javascript:',
        '*/',
        'x',
      ),
      {
        maxLength: 12,
      },
    )
    .map((pieces) => pieces.join('')),
);

/** What stands between two marks in the output of a template on a value. */
function printed(before: string, value: string, after: string): string {
  const out = parseTemplate('details', `${before}{{ . }}${after}`, { html: true }).execute(value);
  expect(out.startsWith(before) && out.endsWith(after)).toBe(true);
  return out.slice(before.length, out.length - after.length);
}

function never(pattern: RegExp, before: string, after: string): void {
  fc.assert(
    fc.property(hostile, (value) => {
      expect(printed(before, value, after)).not.toMatch(pattern);
    }),
    { numRuns: 300 },
  );
}

// Blanks are those of HTML: others (U+2028, U+00A0) end nothing there.
describe('a value cannot leave its place', () => {
  it('in text', () => never(/[<>"']/, '<p>', '</p>'));
  it('in a quoted attribute', () => never(/[<>"']/, '<p title="', '">'));
  it('in an unquoted attribute', () => never(/[<>"'=`\t\n\v\f\r ]/, '<p title=', '>'));
  it('in a link', () => never(/[<>"'\t\n\v\f\r ]|^javascript:/i, '<a href="', '">'));
  it('in a script', () => never(/<|\n/, '<script>x = ', '</script>'));
  it('in a string of a script', () => never(/[<>"'\n]|(?<!\\)(?:\\\\)*\\$/, '<script>x = "', '"</script>'));
  it('in an event handler', () => never(/[<>"']/, '<a onclick="f(', ')">'));
  it('in a style', () => never(/[<>"'(){}/]|(?<!&\w+);/, '<p style="color: ', '">'));
  it('in a string of a style', () => never(/[<>"'(){}]/, "<style>a { content: '", "' }</style>"));
});

describe('any template', () => {
  it('is executed or refused with a template error', () => {
    fuzz.run(3000, 20260101);
  });
});
