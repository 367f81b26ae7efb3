import { parseTime } from '@supercap/data-model';
import { badRequest } from '@supercap/transport';
import type { Query } from '../http/query';

// Parameters of the 2016 API, and the texts that its clients know for those that cannot be read.

const UNITS: Readonly<Record<string, bigint>> = {
  u: 1_000n,
  µ: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
  w: 604_800_000_000_000n,
};

const INT64 = 2n ** 63n;

/** An integer and one unit, a minus sign allowed. Nanoseconds; undefined: `invalid duration`. */
export function parseLegacyDuration(text: string): bigint | undefined {
  const [, sign, digits, unit] = /^(-?)(\d+)(u|µ|ms|s|m|h|d|w)$/.exec(text) ?? [];
  if (digits === undefined || unit === undefined) return undefined;
  const value = BigInt(digits) * UNITS[unit]!;
  if (value >= INT64) return undefined;
  return sign === '-' ? -value : value;
}

/** RFC 3339. Throws HttpError 400 with what Go says of anything else. */
export function timeParameter(query: Query, name: string): bigint | undefined {
  const text = query.get(name);
  if (text === undefined) return undefined;
  const time = parseTime(text);
  if (time !== undefined) return time;
  const layout = '2006-01-02T15:04:05Z07:00';
  const { value, element } = whereParsingStopped(text);
  throw badRequest(`parsing time ${quote(text)} as ${quote(layout)}: cannot parse ${quote(value)} as ${quote(element)}`);
}

const ELEMENTS: readonly (readonly [RegExp, string])[] = [
  [/^\d{4}/, '2006'],
  [/^-/, '-'],
  [/^\d{2}/, '01'],
  [/^-/, '-'],
  [/^\d{2}/, '02'],
  [/^T/, 'T'],
  [/^\d{2}/, '15'],
  [/^:/, ':'],
  [/^\d{2}/, '04'],
  [/^:/, ':'],
  [/^\d{2}(?:\.\d+)?/, '05'],
  [/^(?:Z|[+-]\d\d:\d\d)/, 'Z07:00'],
];

function whereParsingStopped(text: string): { value: string; element: string } {
  let rest = text;
  for (const [pattern, element] of ELEMENTS) {
    const match = pattern.exec(rest);
    if (match === null) return { value: rest, element };
    rest = rest.slice(match[0].length);
  }
  return { value: rest, element: '' };
}

const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

export function booleanParameter(query: Query, name: string): boolean {
  const text = query.get(name);
  if (text === undefined || FALSE.has(text)) return false;
  if (TRUE.has(text)) return true;
  throw badRequest(`strconv.ParseBool: parsing ${quote(text)}: invalid syntax`);
}

export interface Dbrp {
  readonly db: string;
  readonly rp: string;
}

/** A JSON list of objects with `db` and `rp`; key case does not matter. An error text when it is anything else. */
export function parseDbrps(text: string): { readonly items: Dbrp[] } | { readonly error: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const first = text.trim()[0];
    return {
      error: first === undefined || first === '[' || first === '{' ? 'unexpected EOF' : `invalid character '${first}' looking for beginning of value`,
    };
  }
  if (value === null) return { items: [] };
  if (!Array.isArray(value)) return { error: `json: cannot unmarshal ${goKind(value)} into Go value of type []client.DBRP` };
  const items: Dbrp[] = [];
  for (const item of value as unknown[]) {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) {
      if (item === null) {
        items.push({ db: '', rp: '' });
        continue;
      }
      return { error: `json: cannot unmarshal ${goKind(item)} into Go value of type client.DBRP` };
    }
    const members = new Map(Object.entries(item).map(([key, member]) => [key.toLowerCase(), member as unknown]));
    const [db, rp] = [members.get('db') ?? '', members.get('rp') ?? ''];
    for (const member of [db, rp]) {
      if (typeof member !== 'string') return { error: `json: cannot unmarshal ${goKind(member)} into Go value of type string` };
    }
    items.push({ db: String(db), rp: String(rp) });
  }
  return { items };
}

function goKind(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** As Go's %q. */
export const quote = (text: string): string => JSON.stringify(text);
