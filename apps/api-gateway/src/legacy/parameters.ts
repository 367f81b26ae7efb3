import { DAY, HOUR, INT64_MAX, MICROSECOND, MILLISECOND, MINUTE, SECOND, WEEK } from '@supercap/data-model';
import { badRequest } from '@supercap/transport';
import type { Query } from '../http/query';
import { readTime } from './go-time';
import { quote } from './quote';

// Parameters of the 2016 API, and the texts that its clients know for those that cannot be read.

const UNITS: Readonly<Record<string, bigint>> = {
  u: MICROSECOND,
  µ: MICROSECOND,
  ms: MILLISECOND,
  s: SECOND,
  m: MINUTE,
  h: HOUR,
  d: DAY,
  w: WEEK,
};

/** An integer and one unit, a minus sign allowed. Nanoseconds; undefined: `invalid duration`. */
export function parseLegacyDuration(text: string): bigint | undefined {
  const [, sign, digits, unit] = /^(-?)(\d{1,19})(u|µ|ms|s|m|h|d|w)$/.exec(text) ?? [];
  if (digits === undefined || unit === undefined) return undefined;
  const value = BigInt(digits) * UNITS[unit]!;
  if (value > INT64_MAX) return undefined;
  return sign === '-' ? -value : value;
}

/** RFC 3339 in nanoseconds since the epoch, as near as 64 bits can hold. Throws HttpError 400. */
export function timeParameter(query: Query, name: string): bigint | undefined {
  const text = query.get(name);
  if (text === undefined) return undefined;
  const read = readTime(text);
  if ('error' in read) throw badRequest(read.error);
  return read.time > INT64_MAX ? INT64_MAX : read.time < -INT64_MAX ? -INT64_MAX : read.time;
}

const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** False when absent. Throws HttpError 400. */
export function booleanParameter(query: Query, name: string): boolean {
  const text = query.get(name);
  if (text === undefined || FALSE.has(text)) return false;
  if (TRUE.has(text)) return true;
  throw badRequest(`strconv.ParseBool: parsing ${quote(text)}: invalid syntax`);
}
