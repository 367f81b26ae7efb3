import { jsonString } from '@supercap/data-model';

/** JSON that is made already, e.g. a result with exact numbers. */
export class RawJson {
  constructor(readonly text: string) {}
}

/** What an answer is made of. `undefined` members are left out. */
export type JsonValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | RawJson
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** Four blanks per level and no newline at the end, as the original answers. */
export function indentedJson(value: JsonValue): string {
  return write(value, '\n');
}

/** On one line. */
export function compactJson(value: JsonValue): string {
  return write(value, undefined);
}

const STEP = '    ';

function write(value: JsonValue, newline: string | undefined): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return jsonString(value);
  if (typeof value !== 'object') return String(value);
  if (value instanceof RawJson) {
    const text = htmlSafe(value.text);
    return newline === undefined ? text : reindent(text, newline);
  }
  const inner = newline === undefined ? undefined : newline + STEP;
  const parts = isList(value)
    ? value.map((item) => write(item, inner))
    : Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([key, member]) => `${jsonString(key)}:${newline === undefined ? '' : ' '}${write(member, inner)}`);
  const [open, close] = isList(value) ? '[]' : '{}';
  if (parts.length === 0) return `${open}${close}`;
  return inner === undefined
    ? `${open}${parts.join(',')}${close}`
    : `${open}${inner}${parts.join(`,${inner}`)}${newline}${close}`;
}

const isList = (value: object): value is readonly JsonValue[] => Array.isArray(value);

/** In JSON these letters stand in strings only. */
const htmlSafe = (json: string): string =>
  json.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Lays JSON text out anew without reading its numbers, which may be longer than a float can hold. */
function reindent(text: string, newline: string): string {
  let out = '';
  let level = newline;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === '"') {
      const end = endOfString(text, i);
      out += text.slice(i, end);
      i = end - 1;
    } else if (c === '{' || c === '[') {
      const close = c === '{' ? '}' : ']';
      const next = nextVisible(text, i + 1);
      if (text[next] === close) {
        out += c + close;
        i = next;
      } else {
        level += STEP;
        out += c + level;
      }
    } else if (c === '}' || c === ']') {
      level = level.slice(0, -STEP.length);
      out += level + c;
    } else if (c === ',') out += c + level;
    else if (c === ':') out += ': ';
    else if (!/\s/.test(c)) out += c;
  }
  return out;
}

function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i + 1;
}

function nextVisible(text: string, start: number): number {
  let i = start;
  while (i < text.length && /\s/.test(text[i]!)) i++;
  return i;
}
