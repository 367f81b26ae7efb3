import { isPrintable } from './characters';

const NAMED: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
};

function escape(character: string, quote: string, asciiOnly: boolean): string {
  if (character === quote) return `\\${quote}`;
  const named = NAMED[character];
  if (named !== undefined) return named;
  const code = character.codePointAt(0)!;
  // A lone surrogate cannot be in a Go string.
  if (code >= 0xd800 && code <= 0xdfff) return asciiOnly ? '\\ufffd' : '\ufffd';
  if (isPrintable(character) && (!asciiOnly || code < 0x7f)) return character;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}

/** Go's strconv.Quote, or QuoteToASCII. */
export function quote(text: string, asciiOnly = false): string {
  let out = '"';
  for (const character of text) out += escape(character, '"', asciiOnly);
  return `${out}"`;
}

/** Go's strconv.QuoteRune of a code point; what is none becomes the replacement character. */
export function quoteCharacter(code: bigint, asciiOnly = false): string {
  const valid = code >= 0n && code <= 0x10ffffn && (code < 0xd800n || code > 0xdfffn);
  return `'${escape(String.fromCodePoint(valid ? Number(code) : 0xfffd), "'", asciiOnly)}'`;
}

/** As a raw string; undefined if that cannot hold the text. */
export function quoteRaw(text: string): string | undefined {
  return /[\u0000-\u0008\u000a-\u001f\u007f`\ufeff]/.test(text) ? undefined : `\`${text}\``;
}
