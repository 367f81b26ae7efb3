import { goInt, type TemplateValue } from './value';

const MAX_INT = 0x7fff_ffff_ffff_ffffn;
const MAX_UINT = 0xffff_ffff_ffff_ffffn;
const SIMPLE: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};
const ESCAPE = /\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{3}|[^xuU0-7])|\\|[^\\]+/gy;

/** The text of a Go string or character literal; undefined if an escape in it is invalid. */
export function unquote(source: string): string | undefined {
  const quote = source[0]!;
  const body = source.slice(1, -1);
  if (quote === '`') return body.replaceAll('\r', '');
  if (!body.includes('\\')) return body;
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (const [part] of body.matchAll(ESCAPE)) {
    const kind = part[1];
    if (part[0] !== '\\') bytes.push(...encoder.encode(part));
    else if (kind === undefined) return undefined;
    else if (kind === 'x') bytes.push(parseInt(part.slice(2), 16));
    else if (kind >= '0' && kind <= '7') {
      const value = parseInt(part.slice(1), 8);
      if (value > 255) return undefined;
      bytes.push(value);
    } else if (kind === 'u' || kind === 'U') {
      const code = parseInt(part.slice(2), 16);
      if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
      bytes.push(...encoder.encode(String.fromCodePoint(code)));
    } else {
      const plain = kind === quote ? quote : SIMPLE[kind];
      if (plain === undefined) return undefined;
      bytes.push(plain.charCodeAt(0));
    }
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
}

/** The value of a number literal, or what is wrong with it. */
export function numberOf(source: string): { value: TemplateValue } | { problem: string } {
  const sign = source.startsWith('-') ? -1n : 1n;
  const digits = source.replace(/^[+-]/, '').toLowerCase();
  const int = intOf(digits);
  if (int !== undefined) {
    if (int > MAX_UINT) return { problem: `integer overflow: ${JSON.stringify(source)}` };
    if (int > MAX_INT && !(sign < 0n && int === MAX_INT + 1n)) return { problem: `${source} overflows int` };
    return { value: goInt(sign * int) };
  }
  if (/^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/.test(digits)) {
    const value = Number(digits);
    if (Number.isFinite(value)) return { value: sign < 0n ? -value : value };
  }
  return { problem: `illegal number syntax: ${JSON.stringify(source)}` };
}

/** Underscores may stand between digits. */
function intOf(digits: string): bigint | undefined {
  const plain = digits.replace(/(?<=[\da-f])_(?=[\da-f])|(?<=^0[box])_(?=[\da-f])/g, '');
  if (/^0[0-7]+$/.test(plain)) return BigInt(`0o${plain.slice(1)}`);
  if (/^(?:0|[1-9]\d*|0b[01]+|0o[0-7]+|0x[\da-f]+)$/.test(plain)) return BigInt(plain);
  return undefined;
}
