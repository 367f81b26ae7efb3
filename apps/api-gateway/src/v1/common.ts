import { formatTime, ZERO_TIME } from '@supercap/data-model';
import { badRequest } from '@supercap/transport';
import type { Exchange } from '../http/exchange';
import type { JsonValue } from '../http/json';
import type { Query } from '../http/query';

export const BASE = '/kapacitor/v1';

/** RFC 3339 of nanoseconds since the epoch; 0 is "never". */
export const timeText = (ns: bigint | string): string => {
  const time = BigInt(ns);
  return formatTime(time === 0n ? ZERO_TIME : time);
};

export const selfLink = (href: string) => ({ rel: 'self', href });

/** An id as it stands in a link. */
export const linkTo = (...parts: readonly string[]) => `${BASE}/${parts.map((part) => encodeURI(part)).join('/')}`;

/** The body as a JSON object. Throws HttpError 400 with the text that the route gives. */
export async function jsonBody(exchange: Exchange, message: (detail: string) => string): Promise<Readonly<Record<string, unknown>>> {
  const text = await exchange.text();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw badRequest(message(goJsonError(text, error)));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badRequest(message(`json: cannot unmarshal ${goTypeName(value)} into Go value`));
  }
  return value as Readonly<Record<string, unknown>>;
}

function goTypeName(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** What Go's decoder says of text that is not JSON. */
export function goJsonError(text: string, error: unknown): string {
  if (text.trim() === '') return 'EOF';
  const at = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  const c = at === undefined ? undefined : text[Number(at)];
  if (c === undefined) return /^[\s]*[[{"]/.test(text) ? 'unexpected EOF' : `invalid character '${text.trim()[0]}' looking for beginning of value`;
  return `invalid character '${c}' looking for beginning of value`;
}

export interface PageQuery {
  readonly pattern: string;
  readonly offset: number;
  readonly limit: number;
}

export function pageQuery(query: Query): PageQuery {
  return {
    pattern: query.get('pattern') ?? '',
    offset: integer(query, 'offset', 0),
    limit: integer(query, 'limit', 100),
  };
}

function integer(query: Query, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === undefined) return fallback;
  if (!/^[+-]?\d+$/.test(text)) {
    throw badRequest(
      `invalid ${name} parameter ${JSON.stringify(text)} must be an integer: strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
  }
  return Math.max(-1, Math.min(Number(text), 2 ** 31 - 1));
}

/** The wanted fields of every item: those asked for, or all; `id` and `link` always. Keys in alphabetical order. */
export function selectFields<T extends Readonly<Record<string, JsonValue>>>(
  items: readonly T[],
  query: Query,
  defaults: readonly string[],
  known: readonly string[] = defaults,
): JsonValue[] {
  const asked = query.all('fields').filter((field) => field !== '');
  const fields = asked.length === 0 ? defaults : ['id', 'link', ...asked];
  return items.map((item) => {
    const unknown = fields.find((field) => !known.includes(field));
    if (unknown !== undefined) throw badRequest(`unsupported field ${JSON.stringify(unknown)}`);
    return Object.fromEntries([...new Set(fields)].sort().map((field) => [field, item[field]]));
  });
}

export function oneOf<T extends string>(query: Query, name: string, words: readonly T[], fallback: T): T {
  const text = query.get(name);
  if (text === undefined) return fallback;
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) throw badRequest(`invalid ${name} parameter ${JSON.stringify(text)}`);
  return word;
}

/** The text of a top-level member of a JSON object, numbers and all. */
export function exactMember(text: string, name: string): string | undefined {
  let depth = 0;
  let found: string | undefined;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === '{' || c === '[') depth++;
    else if (c === '}' || c === ']') depth--;
    else if (c === '"') {
      const end = stringEnd(text, i);
      const isKey = depth === 1 && /^\s*:/.test(text.slice(end, end + 50));
      if (isKey && JSON.parse(text.slice(i, end)) === name) {
        const start = text.indexOf(':', end) + 1;
        const stop = valueEnd(text, start);
        found = text.slice(start, stop).trim();
        i = stop - 1;
        continue;
      }
      i = end - 1;
    }
  }
  return found;
}

function stringEnd(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i + 1;
}

function valueEnd(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const c = text[i]!;
    if (c === '"') i = stringEnd(text, i) - 1;
    else if (c === '{' || c === '[') depth++;
    else if ((c === '}' || c === ']' || c === ',') && depth === 0) return i;
    else if (c === '}' || c === ']') depth--;
  }
  return text.length;
}

