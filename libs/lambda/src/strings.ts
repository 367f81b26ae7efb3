// Strings as Go sees them: bytes of UTF-8. Most are ASCII, where bytes and JavaScript's code units are the same.

import { EvaluationError } from './errors';

/** Strings that grow from result to result would take all memory, and the time of all other tasks. */
const LONGEST = 2 ** 22;

/** Throws if a result would have more than this many code units. */
export function requireLength(length: number): void {
  if (length > LONGEST) throw new EvaluationError(`string is longer than ${LONGEST} characters`);
}

export function concatenate(a: string, b: string): string {
  requireLength(a.length + b.length);
  return a + b;
}

/** Surrogates stand for what lies above U+FFFF: in the order of bytes they come after U+E000 to U+FFFF. */
const rank = (unit: number) => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);

/** Negative, zero or positive, by the order of the bytes. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** The number of bytes of the first `end` code units. */
export function byteLength(text: string, end = text.length): number {
  let bytes = end;
  for (let i = 0; i < end; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    // Each half of a pair counts two: four bytes together. A lone half is written as the replacement character.
    if (unit < 0x800) bytes += 1;
    else if (unit < 0xd800 || unit > 0xdfff) bytes += 2;
    else if (isPair(text, i)) {
      bytes += 2;
      i++;
    } else bytes += 2;
  }
  return bytes;
}

function isPair(text: string, at: number): boolean {
  return text.charCodeAt(at) < 0xdc00 && at + 1 < text.length && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
}

export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/** The bytes from start to stop. A character that is cut becomes the replacement character. */
export function sliceBytes(text: string, start: number, stop: number): string {
  return isAscii(text) ? text.slice(start, stop) : Buffer.from(text, 'utf8').toString('utf8', start, stop);
}
