import { Tags } from '@supercap/data-model';

// A key is the text of a measurement and its tags: `cpu,host=a\ b,region=eu`. A backslash escapes comma, blank, newline
// and (in tags) the equals sign; before anything else it stands for itself.

const BACKSLASH = 92;
const COMMA = 44;
const EQUALS = 61;
const BLANK = 32;

/** Longer keys are refused, as the databases behind do. */
export const MAX_KEY_LENGTH = 65_535;

export interface SeriesKey {
  readonly name: string;
  readonly tags: Tags;
  /** The tags stood in the text sorted by name. */
  readonly sorted: boolean;
}

const NAME_ESCAPES = /\\([, \n])/g;
const TAG_ESCAPES = /\\([,= \n])/g;
const NAME_SPECIALS = /[, \n]/g;
const TAG_SPECIALS = /[,= \n]/g;

const unescapeName = (text: string) => (text.includes('\\') ? text.replace(NAME_ESCAPES, '$1') : text);
const unescapeTag = (text: string) => (text.includes('\\') ? text.replace(TAG_ESCAPES, '$1') : text);

export const escapeName = (name: string) => name.replace(NAME_SPECIALS, '\\$&');
export const escapeTag = (text: string) => text.replace(TAG_SPECIALS, '\\$&');

/** Reads a key from `start` to `end`; returns the reason, if it is none. */
export function parseSeriesKey(bytes: Buffer, start: number, end: number): SeriesKey | string {
  if (start === end || bytes[start] === COMMA) return 'missing measurement';
  if (end - start > MAX_KEY_LENGTH) return `max key length exceeded: ${end - start} > ${MAX_KEY_LENGTH}`;
  let at = start + 1;
  while (at < end && (bytes[at] !== COMMA || bytes[at - 1] === BACKSLASH)) at++;
  const name = unescapeName(bytes.toString('utf8', start, at));
  const keys: string[] = [];
  const values: string[] = [];
  let sorted = true;
  while (at < end) {
    const keyStart = at + 1;
    if (keyStart >= end || bytes[keyStart] === COMMA || bytes[keyStart] === EQUALS) return 'missing tag key';
    at = keyStart;
    while (at < end && ((bytes[at] !== EQUALS && bytes[at] !== COMMA) || bytes[at - 1] === BACKSLASH)) at++;
    if (at >= end || bytes[at] === COMMA) return 'missing tag value';
    const valueStart = at + 1;
    if (valueStart >= end || bytes[valueStart] === COMMA) return 'missing tag value';
    at = valueStart;
    while (at < end && ((bytes[at] !== EQUALS && bytes[at] !== COMMA) || bytes[at - 1] === BACKSLASH)) at++;
    if (at < end && bytes[at] === EQUALS) return 'invalid tag format';
    const key = unescapeTag(bytes.toString('utf8', keyStart, valueStart - 1));
    if (keys.length > 0 && keys[keys.length - 1]! >= key) sorted = false;
    keys.push(key);
    values.push(unescapeTag(bytes.toString('utf8', valueStart, at)));
  }
  if (sorted) return { name, tags: Tags.ofSorted(keys, values), sorted };
  if (new Set(keys).size !== keys.length) return 'duplicate tags';
  return { name, tags: Tags.from(keys.map((key, i) => [key, values[i]!] as const)), sorted };
}

/** The text of a series, tags sorted. A tag without a value cannot be written and is left out. */
export function formatSeriesKey(name: string, tags: Tags): string {
  let text = escapeName(name);
  for (let i = 0; i < tags.keys.length; i++) {
    const value = tags.values[i]!;
    if (value !== '') text += `,${escapeTag(tags.keys[i]!)}=${escapeTag(value)}`;
  }
  return text;
}

const SEPARATOR = 0xff;

/** The key of a series in entries, see entry-format. */
export function encodeSeriesKey(name: string, tags: Tags): Uint8Array {
  const parts = [name];
  for (let i = 0; i < tags.keys.length; i++) {
    // An empty value is the same as no tag.
    if (tags.values[i] !== '') parts.push(tags.keys[i]!, tags.values[i]!);
  }
  const text = Buffer.from(parts.join('\0'));
  let at = -1;
  for (const part of parts) {
    at += Buffer.byteLength(part) + 1;
    if (at < text.length) text[at] = SEPARATOR;
  }
  return text;
}

/**
 * Writes the entry key of the key from `start` to `end` into `target` (of the same length) without making strings; false
 * if that takes more: escapes, other letters than ASCII's, tags out of order, or an error.
 */
export function encodePlainKey(bytes: Uint8Array, start: number, end: number, target: Uint8Array): boolean {
  // The places of the tag name before and of the one being read, to see that they are in order.
  let lastName = 0;
  let name = 0;
  let separator = COMMA;
  let partStart = start;
  for (let at = start; at < end; at++) {
    const c = bytes[at]!;
    if (c === BACKSLASH || c >= 0x80) return false;
    if (c !== COMMA && c !== EQUALS) {
      target[at - start] = c;
      continue;
    }
    // An equals sign is part of the measurement.
    if (c === EQUALS && name === 0) {
      target[at - start] = c;
      continue;
    }
    if (c !== separator || at === partStart) return false;
    if (c === COMMA) {
      separator = EQUALS;
      name = at + 1;
    } else {
      if (lastName !== 0 && !isBefore(bytes, lastName, name, at)) return false;
      lastName = name;
      separator = COMMA;
    }
    target[at - start] = SEPARATOR;
    partStart = at + 1;
  }
  return partStart < end && separator === COMMA;
}

/** The name that begins at `first` (and ends before an equals sign) is less than the one from `second` to `end`. */
function isBefore(bytes: Uint8Array, first: number, second: number, end: number): boolean {
  for (let a = first, b = second; ; a++, b++) {
    if (b === end) return false;
    if (bytes[a] === EQUALS) return true;
    if (bytes[a] !== bytes[b]) return bytes[a]! < bytes[b]!;
  }
}

/** The parts of a key in an entry: the measurement, then name and value of each tag. */
export function decodeSeriesKey(bytes: Buffer, start: number, end: number): string[] {
  let ascii = true;
  for (let at = start; at < end && ascii; at++) ascii = bytes[at]! < 0x80 || bytes[at] === SEPARATOR;
  if (ascii) return bytes.toString('latin1', start, end).split('\u00ff');
  const parts: string[] = [];
  let from = start;
  for (let at = start; at <= end; at++) {
    if (at < end && bytes[at] !== SEPARATOR) continue;
    parts.push(bytes.toString('utf8', from, at));
    from = at + 1;
  }
  return parts;
}

/** Where the key that begins at `start` ends: at a blank or newline that is not escaped, or at `end`. */
export function endOfKey(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const c = bytes[at];
    if ((c === BLANK || c === 10) && (at === start || bytes[at - 1] !== BACKSLASH)) break;
    at++;
  }
  return at;
}
