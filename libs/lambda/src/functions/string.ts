import { EvaluationError, callError } from '../errors';
import type { CompiledRegex } from '../regex';
import { byteLength, isAscii, requireLength, sliceBytes } from '../strings';
import type { Operand, ValueType } from '../value';
import { type FunctionDefinition, signature } from './definition';

const byteIndex = (text: string, at: number): bigint => (at < 0 ? -1n : BigInt(byteLength(text, at)));

/** Where, in code units, the first character that is one of `characters` begins. */
function indexAny(text: string, characters: string): number {
  const set = new Set(characters);
  let at = 0;
  for (const c of text) {
    if (set.has(c)) return at;
    at += c.length;
  }
  return -1;
}

function lastIndexAny(text: string, characters: string): number {
  const set = new Set(characters);
  let at = 0;
  let found = -1;
  for (const c of text) {
    if (set.has(c)) found = at;
    at += c.length;
  }
  return found;
}

function count(text: string, part: string): bigint {
  if (part === '') return BigInt([...text].length + 1);
  let n = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) n++;
  return BigInt(n);
}

function replace(text: string, from: string, to: string, limit: bigint): string {
  const most = limit < 0n || limit > 0xffff_ffffn ? Infinity : Number(limit);
  const times = Math.min(most, Number(count(text, from)));
  requireLength(text.length + times * (to.length - from.length));
  if (from !== '') {
    if (most === Infinity) return text.replaceAll(from, () => to);
    let result = '';
    let copied = 0;
    for (let n = 0; n < most; n++) {
      const at = text.indexOf(from, copied);
      if (at < 0) break;
      result += text.slice(copied, at) + to;
      copied = at + from.length;
    }
    return result + text.slice(copied);
  }
  // The empty string matches before each character and at the end.
  let result = '';
  let n = 0;
  for (const c of text) result += n++ < most ? to + c : c;
  return n < most ? result + to : result;
}

function substring(text: string, start: bigint, stop: bigint): string {
  if (start < 0n) throw callError('strSubstring', `found negative index for strSubstring: ${start}`);
  if (stop < 0n) throw callError('strSubstring', `found negative index for strSubstring: ${stop}`);
  if (stop >= BigInt(byteLength(text))) {
    throw callError('strSubstring', `stop index too large for string in strSubstring: ${stop}`);
  }
  if (start > stop) throw new EvaluationError('runtime error: slice bounds out of range');
  return sliceBytes(text, Number(start), Number(stop));
}

/** Upper or lower case character by character: where one would become several, it stays as it is. */
function mapCase(text: string, convert: (c: string) => string): string {
  if (isAscii(text)) return convert(text);
  let result = '';
  for (const c of text) {
    const converted = c === 'İ' ? 'i' : convert(c);
    result += [...converted].length === 1 ? converted : c;
  }
  return result;
}

const toLower = (text: string) => mapCase(text, (c) => c.toLowerCase());
const toUpper = (text: string) => mapCase(text, (c) => c.toUpperCase());

function trimLeft(text: string, cutset: Set<string>): string {
  let at = 0;
  for (const c of text) {
    if (!cutset.has(c)) break;
    at += c.length;
  }
  return text.slice(at);
}

function trimRight(text: string, cutset: Set<string>): string {
  let end = text.length;
  while (end > 0) {
    const last = text.codePointAt(end - 2) ?? 0;
    const c = end > 1 && last > 0xffff ? String.fromCodePoint(last) : text[end - 1]!;
    if (!cutset.has(c)) break;
    end -= c.length;
  }
  return text.slice(0, end);
}

const WHITE = new Set(
  '\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000',
);

function define(
  name: string,
  args: readonly ValueType[],
  result: ValueType,
  call: (...args: never[]) => Operand,
  summary: string,
): FunctionDefinition {
  return { name, theme: 'string', summary, signatures: [signature(args, result, call)] };
}

const one = ['string'] as const;
const two = ['string', 'string'] as const;

export const stringFunctions: readonly FunctionDefinition[] = [
  define(
    'strContains',
    two,
    'boolean',
    (s: string, part: string) => s.includes(part),
    'Whether the first string contains the second.',
  ),
  define(
    'strContainsAny',
    two,
    'boolean',
    (s: string, chars: string) => indexAny(s, chars) >= 0,
    'Whether the first string contains a character of the second.',
  ),
  define(
    'strCount',
    two,
    'int',
    count,
    'How often the second string occurs in the first, without overlaps. An empty one: characters plus one.',
  ),
  define(
    'strHasPrefix',
    two,
    'boolean',
    (s: string, prefix: string) => s.startsWith(prefix),
    'Whether the first string begins with the second.',
  ),
  define(
    'strHasSuffix',
    two,
    'boolean',
    (s: string, suffix: string) => s.endsWith(suffix),
    'Whether the first string ends with the second.',
  ),
  define(
    'strIndex',
    two,
    'int',
    (s: string, part: string) => byteIndex(s, s.indexOf(part)),
    'Where the second string first occurs in the first, in bytes; -1 if it does not.',
  ),
  define(
    'strIndexAny',
    two,
    'int',
    (s: string, chars: string) => byteIndex(s, indexAny(s, chars)),
    'Where a character of the second string first occurs in the first, in bytes; -1 if none does.',
  ),
  define(
    'strLastIndex',
    two,
    'int',
    (s: string, part: string) => byteIndex(s, s.lastIndexOf(part)),
    'Where the second string last occurs in the first, in bytes; -1 if it does not.',
  ),
  define(
    'strLastIndexAny',
    two,
    'int',
    (s: string, chars: string) => byteIndex(s, lastIndexAny(s, chars)),
    'Where a character of the second string last occurs in the first, in bytes; -1 if none does.',
  ),
  define('strLength', one, 'int', (s: string) => BigInt(byteLength(s)), 'The length in bytes.'),
  define(
    'strReplace',
    ['string', 'string', 'string', 'int'],
    'string',
    replace,
    'Replace the second string by the third in the first, n times at most; all if n is negative.',
  ),
  define(
    'strSubstring',
    ['string', 'int', 'int'],
    'string',
    substring,
    'The bytes from start up to, not including, stop; stop must be less than the length.',
  ),
  define('strToLower', one, 'string', toLower, 'The string in lower case.'),
  define('strToUpper', one, 'string', toUpper, 'The string in upper case.'),
  define(
    'strTrim',
    two,
    'string',
    (s: string, cutset: string) => {
      const set = new Set(cutset);
      return trimRight(trimLeft(s, set), set);
    },
    'Remove the characters of the second string from both ends of the first.',
  ),
  define(
    'strTrimLeft',
    two,
    'string',
    (s: string, cutset: string) => trimLeft(s, new Set(cutset)),
    'Remove the characters of the second string from the start of the first.',
  ),
  define(
    'strTrimPrefix',
    two,
    'string',
    (s: string, prefix: string) => (s.startsWith(prefix) ? s.slice(prefix.length) : s),
    'Remove the second string from the start of the first, once.',
  ),
  define(
    'strTrimRight',
    two,
    'string',
    (s: string, cutset: string) => trimRight(s, new Set(cutset)),
    'Remove the characters of the second string from the end of the first.',
  ),
  define(
    'strTrimSpace',
    one,
    'string',
    (s: string) => trimRight(trimLeft(s, WHITE), WHITE),
    'Remove white space from both ends.',
  ),
  define(
    'strTrimSuffix',
    two,
    'string',
    (s: string, suffix: string) => (s.endsWith(suffix) ? s.slice(0, s.length - suffix.length) : s),
    'Remove the second string from the end of the first, once.',
  ),
  define(
    'regexReplace',
    ['regex', 'string', 'string'],
    'string',
    (regex: CompiledRegex, s: string, replacement: string) => regex.replaceAll(s, replacement),
    'Replace every match of the regex in the string; $1 and ${name} stand for groups.',
  ),
];
