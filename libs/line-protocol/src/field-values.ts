import type { ColumnBuilder } from './column-builder';
import { nearestDouble, POWERS_OF_TEN } from './decimal';
import { storeInt64 } from './time-parts';

// Readers of single values. Each reads the value at `i` into a row of a column and returns where the value ends,
// -1 if there is no value of that kind. A value ends at a comma, a blank or a newline. `bytes` ends with a newline.

/** So many decimal digits always fit the 53 bits of a double. */
const EXACT_DIGITS = 15;
/** Longer numbers are rare: they may take the way through text. */
const MOST_DIGITS = 19;

const MINUS = 45;
const DOT = 46;
const QUOTE = 34;
const BACKSLASH = 92;

export const endsValue = (c: number) => c === 44 || c === 32 || c === 10;

export function readFloat(bytes: Buffer, i: number, column: ColumnBuilder, row: number): number {
  let at = i;
  const negative = bytes[at] === MINUS;
  if (negative) at++;
  const first = at;
  let mantissa = 0;
  let digit = bytes[at]! - 48;
  while (digit >= 0 && digit <= 9) {
    mantissa = mantissa * 10 + digit;
    digit = bytes[++at]! - 48;
  }
  let digits = at - first;
  let decimals = 0;
  if (bytes[at] === DOT) {
    const point = at;
    digit = bytes[++at]! - 48;
    while (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit;
      digit = bytes[++at]! - 48;
    }
    decimals = at - point - 1;
    digits += decimals;
  }
  if (digits === 0 || digits > MOST_DIGITS || !endsValue(bytes[at]!)) return readAnyFloat(bytes, i, column, row);
  let value: number;
  if (digits <= EXACT_DIGITS) {
    // Both numbers are exact, so the one division rounds correctly.
    value = decimals === 0 ? mantissa : mantissa / POWERS_OF_TEN[decimals]!;
  } else {
    value = longDecimal(bytes, first, digits, decimals);
    if (Number.isNaN(value)) return readAnyFloat(bytes, i, column, row);
  }
  column.floats[row] = negative ? -value : value;
  return at;
}

/** The value of 16 to 19 digits with perhaps a dot among them; NaN if it takes more to round it. */
function longDecimal(bytes: Uint8Array, start: number, digits: number, decimals: number): number {
  let high = 0;
  let low = 0;
  let at = start;
  for (let left = digits; left > 0; at++) {
    const digit = bytes[at]! - 48;
    if (digit < 0) continue; // the dot
    if (left > 9) high = high * 10 + digit;
    else low = low * 10 + digit;
    left--;
  }
  return nearestDouble(high, low, decimals);
}

function readAnyFloat(bytes: Buffer, i: number, column: ColumnBuilder, row: number): number {
  const end = endOfNumber(bytes, i);
  if (end < 0) return -1;
  const value = Number(bytes.toString('latin1', i, end));
  if (!Number.isFinite(value)) return -1;
  column.floats[row] = value;
  return end;
}

/** The end of a float's text; -1 if other characters than a float's occur. */
export function endOfNumber(bytes: Buffer, start: number): number {
  let at = start;
  if (bytes[at] === MINUS) at++;
  const first = at;
  let dots = 0;
  let exponent = false;
  for (; ; at++) {
    const c = bytes[at]!;
    if (c >= 48 && c <= 57) continue;
    if (endsValue(c)) return at > first ? at : -1;
    if (c === DOT) {
      if (dots++ > 0) return -1;
    } else if (c === 101 || c === 69) {
      if (exponent || at === first) return -1;
      exponent = true;
    } else if ((c === MINUS || c === 43) && (bytes[at - 1] === 101 || bytes[at - 1] === 69)) continue;
    else return -1;
  }
}

/** Reads `digits` and an `i`. */
export function readInt(bytes: Buffer, i: number, column: ColumnBuilder, row: number): number {
  const negative = bytes[i] === MINUS;
  const first = negative ? i + 1 : i;
  let at = first;
  let value = 0;
  let digit = bytes[at]! - 48;
  while (digit >= 0 && digit <= 9) {
    value = value * 10 + digit;
    digit = bytes[++at]! - 48;
  }
  if (at === first || bytes[at] !== 105 || !endsValue(bytes[at + 1]!)) return -1;
  if (at - first <= EXACT_DIGITS) {
    const billions = Math.floor(value / 1e9);
    storeInt64(column.ints, row * 2, negative, billions, value - billions * 1e9);
    return at + 1;
  }
  return storeDigits(bytes, first, at, negative, column.ints, row * 2) ? at + 1 : -1;
}

/** Stores a run of decimal digits as an int64; false if it does not fit. */
export function storeDigits(
  bytes: Uint8Array,
  start: number,
  end: number,
  negative: boolean,
  target: Int32Array,
  at: number,
): boolean {
  let first = start;
  while (first < end - 1 && bytes[first] === 48) first++;
  if (end - first > 19) return false;
  const split = Math.max(first, end - 9);
  let billions = 0;
  for (let i = first; i < split; i++) billions = billions * 10 + bytes[i]! - 48;
  let rest = 0;
  for (let i = split; i < end; i++) rest = rest * 10 + bytes[i]! - 48;
  return storeInt64(target, at, negative, billions, rest);
}

const TRUE_WORDS = ['t', 'T', 'true', 'True', 'TRUE'];
const FALSE_WORDS = ['f', 'F', 'false', 'False', 'FALSE'];

export function readBool(bytes: Buffer, i: number, column: ColumnBuilder, row: number): number {
  let at = i;
  while (!endsValue(bytes[at]!) && at - i < 6) at++;
  if (at - i > 5) return -1;
  const word = bytes.toString('latin1', i, at);
  const value = TRUE_WORDS.includes(word);
  if (!value && !FALSE_WORDS.includes(word)) return -1;
  column.bools[row] = value ? 1 : 0;
  return at;
}

/** Reads a quoted string; within it a backslash escapes the quote and itself. `end` is the end of the body. */
export function readString(bytes: Buffer, i: number, end: number, column: ColumnBuilder, row: number): number {
  if (bytes[i] !== QUOTE) return -1;
  const close = endOfString(bytes, i, end);
  if (close < 0 || !endsValue(bytes[close]!)) return -1;
  let to = column.textLength(row);
  column.reserveText(to + close - i);
  const { text } = column;
  for (let at = i + 1; at < close - 1; at++) {
    let c = bytes[at]!;
    if (c === BACKSLASH) {
      const next = bytes[at + 1]!;
      if (next === QUOTE || next === BACKSLASH) {
        c = next;
        at++;
      }
    }
    text[to++] = c;
  }
  column.ends[row] = to;
  return close;
}

/** The place after the closing quote of the string that opens at `start`; -1 if none is before `end`. */
export function endOfString(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start + 1; at < end; at++) {
    const c = bytes[at];
    if (c === QUOTE) return at + 1;
    if (c === BACKSLASH) at++;
  }
  return -1;
}
