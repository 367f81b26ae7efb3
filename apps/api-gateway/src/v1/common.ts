import { formatTime, ZERO_TIME } from '@supercap/data-model';
import { badRequest } from '@supercap/transport';
import type { Exchange } from '../http/exchange';
import { JsonError } from '../http/go-json';
import type { JsonValue } from '../http/json';
import { JsonObject } from '../http/json-object';
import type { Query } from '../http/query';
import { PREVIEW_BASE, V1_BASE } from '../http/routes';

export const BASE = V1_BASE;

/** RFC 3339 of nanoseconds since the epoch; 0 is "never". */
export const timeText = (ns: bigint | string): string => {
  const time = BigInt(ns);
  return formatTime(time === 0n ? ZERO_TIME : time);
};

export const selfLink = (href: string) => ({ rel: 'self', href });

/** Ids stand in links as they are: clients take a link as a path, not as an encoded URL. */
export const linkTo = (...parts: readonly string[]) => `${BASE}/${parts.join('/')}`;

/** The address of a request as links give it, query and all. */
export function requestUri({ request }: Exchange): string {
  const uri = request.url ?? '';
  return uri.startsWith(`${PREVIEW_BASE}/`) ? BASE + uri.slice(PREVIEW_BASE.length) : uri;
}

/** Decodes the body's JSON object. What is wrong with it becomes HttpError 400 with the text that the route gives. */
export async function decodeBody<T>(
  exchange: Exchange,
  message: (detail: string) => string,
  read: (body: JsonObject) => T | Promise<T>,
): Promise<T> {
  const text = await exchange.text();
  try {
    return read(JsonObject.read(text));
  } catch (error) {
    throw error instanceof JsonError ? badRequest(message(error.message)) : error;
  }
}

/** Some routes give the decoder's words alone. */
export const plainly = (detail: string) => detail;

export interface PageQuery {
  readonly pattern: string;
  readonly offset: number;
  readonly limit: number;
}

export function pageQuery(query: Query): PageQuery {
  return {
    pattern: query.get('pattern') ?? '',
    offset: Math.max(0, integer(query, 'offset', 0)),
    limit: integer(query, 'limit', 100),
  };
}

function integer(query: Query, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === undefined) return fallback;
  const isInteger = /^[+-]?\d+$/.test(text);
  if (!isInteger || BigInt.asIntN(64, BigInt(text)) !== BigInt(text)) {
    const reason = isInteger ? 'value out of range' : 'invalid syntax';
    const quoted = JSON.stringify(text);
    throw badRequest(
      `invalid ${name} parameter ${quoted} must be an integer: strconv.ParseInt: parsing ${quoted}: ${reason}`,
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
    const present = [...new Set(fields)].sort().filter((field) => field in item);
    return Object.fromEntries(present.map((field) => [field, item[field]]));
  });
}

export function oneOf<T extends string>(query: Query, name: string, words: readonly T[], fallback: T): T {
  const text = query.get(name);
  if (text === undefined) return fallback;
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) throw badRequest(`invalid ${name} parameter ${JSON.stringify(text)}`);
  return word;
}
