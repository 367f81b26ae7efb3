import { Kind } from './column-builder';
import { endOfNumber, endOfString, endsValue, storeDigits } from './field-values';

const BACKSLASH = 92;
const QUOTE = 34;
const COMMA = 44;
const EQUALS = 61;
const BLANK = 32;
const NEWLINE = 10;
const MINUS = 45;
const LETTER_I = 105;

const scratch = new Int32Array(2);

/**
 * What the fields of a line are: for each its name's place (the equals sign included) and its kind. A line goes through
 * here when it does not look like the line of its series before, and to find out what is wrong with it.
 */
export class FieldScan {
  count = 0;
  readonly nameStarts: number[] = [];
  readonly nameEnds: number[] = [];
  readonly kinds: Kind[] = [];

  /** Looks at the fields from `start` on; returns the reason if they are not fields. */
  scan(bytes: Buffer, start: number, end: number): string | undefined {
    this.count = 0;
    let at = start;
    for (;;) {
      const nameStart = at;
      if (bytes[at] === EQUALS) return 'missing field key';
      while (at < end) {
        const c = bytes[at];
        if (c === EQUALS || c === COMMA || c === BLANK || c === NEWLINE) break;
        at += c === BACKSLASH ? 2 : 1;
      }
      if (at >= end || bytes[at] !== EQUALS) return 'invalid field format';
      at++;
      this.nameStarts[this.count] = nameStart;
      this.nameEnds[this.count] = at;
      const c = bytes[at]!;
      if (at >= end || endsValue(c)) return 'missing field value';
      const value = scanValue(bytes, at, end);
      if (typeof value.kind === 'string') return value.kind;
      this.kinds[this.count++] = value.kind;
      at = value.end;
      if (bytes[at] !== COMMA) return undefined;
      at++;
    }
  }
}

interface Value {
  /** Or why it is none. */
  kind: Kind | string;
  end: number;
}

const problem = (kind: string): Value => ({ kind, end: 0 });

function scanValue(bytes: Buffer, start: number, end: number): Value {
  const c = bytes[start]!;
  if (c === QUOTE) {
    const close = endOfString(bytes, start, end);
    if (close < 0) return problem('unbalanced quotes');
    return endsValue(bytes[close]!) ? { kind: Kind.string, end: close } : problem('invalid field format');
  }
  // N and n begin NaN, which is refused as a number and not as a boolean.
  const numeric = (c >= 48 && c <= 57) || c === 46 || c === MINUS || c === 78 || c === 110;
  let at = start;
  while (!endsValue(bytes[at]!)) at++;
  if (numeric) return bytes[at - 1] === LETTER_I ? scanInt(bytes, start, at) : scanFloat(bytes, start, at);
  const word = at - start <= 5 ? bytes.toString('latin1', start, at) : '';
  return /^(?:t|T|true|True|TRUE|f|F|false|False|FALSE)$/.test(word)
    ? { kind: Kind.bool, end: at }
    : problem('invalid boolean');
}

function scanInt(bytes: Buffer, start: number, end: number): Value {
  const negative = bytes[start] === MINUS;
  const first = negative ? start + 1 : start;
  const last = end - 1;
  if (first >= last) return problem('invalid number');
  for (let at = first; at < last; at++) if (bytes[at]! < 48 || bytes[at]! > 57) return problem('invalid number');
  if (storeDigits(bytes, first, last, negative, scratch, 0)) return { kind: Kind.int, end };
  const text = bytes.toString('latin1', start, last);
  return problem(`unable to parse integer ${text}: strconv.ParseInt: parsing "${text}": value out of range`);
}

function scanFloat(bytes: Buffer, start: number, end: number): Value {
  if (endOfNumber(bytes, start) < 0) return problem('invalid number');
  const text = bytes.toString('latin1', start, end);
  if (Number.isFinite(Number(text))) return { kind: Kind.float, end };
  return problem(/e/i.test(text) || text.length > 17 ? 'invalid float' : 'invalid number');
}
