// Reading JSON as Go's decoder does: the same texts for what cannot be read, and values as they were written, since
// numbers may be longer than a float can hold.

/** The text is not JSON, or a value is of the wrong kind. The message is what Go's decoder says. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
}

const MOST_DEPTH = 1000;
const LITERALS: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' };

type State = 'value' | 'first item' | 'first key' | 'key' | 'colon' | 'after';

/** Where the value that begins at `start` (or after blanks) ends. Throws JsonError unless it is well-formed. */
export function endOfValue(text: string, start = 0): number {
  const open: ('{' | '[')[] = [];
  let state: State = 'value';
  let i = start;
  for (;;) {
    i = skipBlanks(text, i);
    const c = text[i];
    if (c === undefined) throw new JsonError(open.length === 0 ? 'EOF' : 'unexpected EOF');
    const closes =
      (state === 'after' || state === 'first item' || state === 'first key') && c === closerOf(open.at(-1));
    if (closes) {
      open.pop();
      state = 'after';
      i++;
    } else if (state === 'value' || state === 'first item') {
      if (c === '{' || c === '[') {
        if (open.push(c) > MOST_DEPTH) throw new JsonError('exceeded max depth');
        state = c === '{' ? 'first key' : 'first item';
        i++;
      } else {
        i = endOfScalar(text, i);
        state = 'after';
      }
    } else if (state === 'after') {
      const inObject = open.at(-1) === '{';
      if (c !== ',') throw invalid(text, i, inObject ? 'after object key:value pair' : 'after array element');
      state = inObject ? 'key' : 'value';
      i++;
    } else if (state === 'colon') {
      if (c !== ':') throw invalid(text, i, 'after object key');
      state = 'value';
      i++;
    } else {
      if (c !== '"') throw invalid(text, i, 'looking for beginning of object key string');
      i = endOfString(text, i);
      state = 'colon';
    }
    if (open.length === 0 && state === 'after') return i;
  }
}

const closerOf = (opener: '{' | '[' | undefined) => (opener === '{' ? '}' : opener === '[' ? ']' : undefined);

export function skipBlanks(text: string, start: number): number {
  let i = start;
  while (text[i] === ' ' || text[i] === '\n' || text[i] === '\r' || text[i] === '\t') i++;
  return i;
}

function endOfScalar(text: string, start: number): number {
  const c = text[start]!;
  if (c === '"') return endOfString(text, start);
  if (c === '-' || (c >= '0' && c <= '9')) return endOfNumber(text, start);
  const literal = LITERALS[c];
  if (literal === undefined) throw invalid(text, start, 'looking for beginning of value');
  for (let k = 1; k < literal.length; k++) {
    if (text[start + k] !== literal[k])
      throw invalid(text, start + k, `in literal ${literal} (expecting '${literal[k]}')`);
  }
  return start + literal.length;
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const c = text[i]!;
    if (c === '"') return i + 1;
    if (c < ' ') throw invalid(text, i, 'in string literal');
    if (c !== '\\') continue;
    const escape = text[++i];
    if (escape === undefined) break;
    if (!'"\\/bfnrtu'.includes(escape)) throw invalid(text, i, 'in string escape code');
    if (escape !== 'u') continue;
    for (let k = 0; k < 4; k++) {
      if (!/[0-9a-f]/i.test(text[++i] ?? '')) throw invalid(text, i, 'in \\u hexadecimal character escape');
    }
  }
  throw new JsonError('unexpected EOF');
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

function endOfNumber(text: string, start: number): number {
  NUMBER.lastIndex = start;
  if (!NUMBER.test(text)) throw invalid(text, start + 1, 'in numeric literal');
  const end = NUMBER.lastIndex;
  // What the pattern left standing may be a fraction or an exponent without digits.
  const rest = /^(?:\.|[eE][+-]?)/.exec(text.slice(end, end + 2))?.[0];
  if (rest === undefined) return end;
  const context = rest === '.' ? 'after decimal point in numeric literal' : 'in exponent of numeric literal';
  throw invalid(text, end + rest.length, context);
}

function invalid(text: string, at: number, context: string): JsonError {
  const c = text[at];
  return new JsonError(c === undefined ? 'unexpected EOF' : `invalid character ${quoted(c)} ${context}`);
}

/** Go looks at bytes: of a longer character, at its first. */
function quoted(c: string): string {
  if (c === "'") return "'\\''";
  if (c === '"') return `'"'`;
  if (c < ' ')
    return `'${{ '\n': '\\n', '\r': '\\r', '\t': '\\t' }[c] ?? `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`}'`;
  if (c === '\\') return "'\\\\'";
  return `'${c < '\x7f' ? c : String.fromCharCode(Buffer.from(c)[0]!)}'`;
}

/** What kind of value a JSON text holds, in Go's words. */
export function kindOf(json: string): 'string' | 'number' | 'bool' | 'array' | 'object' | 'null' {
  switch (json[0]) {
    case '"':
      return 'string';
    case '{':
      return 'object';
    case '[':
      return 'array';
    case 't':
    case 'f':
      return 'bool';
    case 'n':
      return 'null';
    default:
      return 'number';
  }
}

/** The members of an object that is known to be well-formed, with their values as they were written. */
export function membersOf(json: string): [name: string, value: string][] {
  const members: [string, string][] = [];
  let i = skipBlanks(json, skipBlanks(json, 0) + 1);
  while (json[i] === '"') {
    const end = endOfString(json, i);
    const start = skipBlanks(json, skipBlanks(json, end) + 1);
    const stop = endOfValue(json, start);
    members.push([JSON.parse(json.slice(i, end)) as string, json.slice(start, stop)]);
    i = skipBlanks(json, stop);
    if (json[i] === ',') i = skipBlanks(json, i + 1);
  }
  return members;
}

/** The items of an array that is known to be well-formed. */
export function itemsOf(json: string): string[] {
  const items: string[] = [];
  let i = skipBlanks(json, skipBlanks(json, 0) + 1);
  while (i < json.length && json[i] !== ']') {
    const stop = endOfValue(json, i);
    items.push(json.slice(i, stop));
    i = skipBlanks(json, stop);
    if (json[i] === ',') i = skipBlanks(json, i + 1);
  }
  return items;
}
