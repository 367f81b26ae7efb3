import { parseDuration } from '@supercap/data-model';

// The options of a topic handler: declared once, decoded strictly. Error texts are those of Go's mapstructure, which
// clients of the API know.

/** An option of a topic handler. */
export interface Option<T = unknown> {
  readonly summary: string;
  /** The value when it is not given. */
  readonly default: T;
  /** Never shown in logs or in the settings API. */
  readonly secret?: boolean;
  /** Other spellings that are accepted. */
  readonly aliases?: readonly string[];
  /** Reads a JSON value; what is wrong with it goes to `problems` under the given path. */
  decode(value: unknown, path: string, problems: string[]): T;
}

export type OptionRecord = Readonly<Record<string, Option>>;
export type DecodedOptions<R extends OptionRecord> = {
  readonly [K in keyof R]: R[K] extends Option<infer T> ? T : never;
};

interface Extras<T> {
  readonly default?: T;
  readonly secret?: boolean;
  readonly aliases?: readonly string[];
}

/** Go's type of a value that came from JSON. */
function goType(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'object':
      return 'map[string]interface {}';
    default:
      return 'float64';
  }
}

function goKind(value: unknown): string {
  if (Array.isArray(value)) return 'slice';
  return typeof value === 'object' ? 'map' : goType(value);
}

function mismatch(path: string, expected: string, value: unknown): string {
  return `'${path}' expected type '${expected}', got unconvertible type '${goType(value)}'`;
}

function make<T>(
  summary: string,
  fallback: T,
  extras: Extras<T>,
  decode: (value: unknown, path: string, problems: string[]) => T,
): Option<T> {
  return {
    summary,
    default: extras.default ?? fallback,
    ...(extras.secret === true && { secret: true }),
    ...(extras.aliases && { aliases: extras.aliases }),
    // An explicit null is as good as nothing.
    decode: (value, path, problems) =>
      value === null || value === undefined ? (extras.default ?? fallback) : decode(value, path, problems),
  };
}

function readString(value: unknown, path: string, problems: string[]): string {
  if (typeof value === 'string') return value;
  problems.push(mismatch(path, 'string', value));
  return '';
}

function readInt(value: unknown, path: string, problems: string[], type: string): bigint {
  if (typeof value === 'bigint') return BigInt.asIntN(64, value);
  if (typeof value === 'number' && Number.isFinite(value)) return BigInt.asIntN(64, BigInt(Math.trunc(value)));
  problems.push(mismatch(path, type, value));
  return 0n;
}

function readList<T>(
  value: unknown,
  path: string,
  problems: string[],
  item: (value: unknown, path: string, problems: string[]) => T,
): readonly T[] {
  if (Array.isArray(value)) return value.map((one, i) => item(one, `${path}[${i}]`, problems));
  problems.push(`'${path}': source data must be an array or slice, got ${goKind(value)}`);
  return [];
}

function readMap<T>(
  value: unknown,
  path: string,
  problems: string[],
  item: (value: unknown, path: string, problems: string[]) => T,
): Readonly<Record<string, T>> {
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, item(one, `${path}[${key}]`, problems)]));
  }
  problems.push(`'${path}' expected a map, got '${goKind(value)}'`);
  return {};
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const option = {
  string: (summary: string, extras: Extras<string> = {}) => make(summary, '', extras, readString),

  bool: (summary: string, extras: Extras<boolean> = {}) =>
    make(summary, false, extras, (value, path, problems) => {
      if (typeof value === 'boolean') return value;
      problems.push(mismatch(path, 'bool', value));
      return false;
    }),

  int: (summary: string, extras: Extras<bigint> = {}) =>
    make(summary, 0n, extras, (value, path, problems) => readInt(value, path, problems, 'int64')),

  /** Integer nanoseconds, or text like `10s`. */
  duration: (summary: string, extras: Extras<bigint> = {}) =>
    make(summary, 0n, extras, (value, path, problems) => {
      const parsed = typeof value === 'string' ? parseDuration(value) : undefined;
      return parsed ?? readInt(value, path, problems, 'time.Duration');
    }),

  strings: (summary: string, extras: Extras<readonly string[]> = {}) =>
    make<readonly string[]>(summary, [], extras, (value, path, problems) =>
      readList(value, path, problems, readString),
    ),

  stringMap: (summary: string, extras: Extras<Readonly<Record<string, string>>> = {}) =>
    make<Readonly<Record<string, string>>>(summary, {}, extras, (value, path, problems) =>
      readMap(value, path, problems, readString),
    ),

  /** A map of any JSON values. */
  map: (summary: string, extras: Extras<Readonly<Record<string, unknown>>> = {}) =>
    make<Readonly<Record<string, unknown>>>(summary, {}, extras, (value, path, problems) =>
      readMap(value, path, problems, (one) => one),
    ),

  /** A list of records. */
  records: <R extends OptionRecord>(summary: string, members: R) =>
    make<readonly DecodedOptions<R>[]>(summary, [], {}, (value, path, problems) =>
      readList(value, path, problems, (one, at, into) => readRecord(members, one, at, into)),
    ),
};

function readRecord<R extends OptionRecord>(
  members: R,
  value: unknown,
  path: string,
  problems: string[],
): DecodedOptions<R> {
  const given = isObject(value) ? value : {};
  if (value !== null && value !== undefined && !isObject(value)) {
    problems.push(`'${path}' expected a map, got '${goKind(value)}'`);
  }
  const unused = new Set(Object.keys(given));
  const decoded: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(members)) {
    const key = findKey(unused, [name, ...(member.aliases ?? [])]);
    if (key === undefined) {
      decoded[name] = member.default;
      continue;
    }
    unused.delete(key);
    decoded[name] = member.decode(given[key], path === '' ? name : `${path}.${name}`, problems);
  }
  if (unused.size > 0) problems.push(`'${path}' has invalid keys: ${[...unused].sort().join(', ')}`);
  return decoded as DecodedOptions<R>;
}

/** The key that is meant: spelled exactly, or else in other letter case. */
function findKey(keys: ReadonlySet<string>, names: readonly string[]): string | undefined {
  for (const name of names) if (keys.has(name)) return name;
  const folded = names.map((name) => name.toLowerCase());
  for (const key of keys) if (folded.includes(key.toLowerCase())) return key;
  return undefined;
}

/** What is wrong with the options of a topic handler; the message is the one that clients know. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError';
}

/** Reads the options of a topic handler. Throws OptionsError with all that is wrong; `goType` is named in its text. */
export function decodeOptions<R extends OptionRecord>(
  members: R,
  goTypeName: string,
  value: unknown,
): DecodedOptions<R> {
  const problems: string[] = [];
  const decoded = readRecord(members, value, '', problems);
  if (problems.length > 0) {
    const lines = problems.sort().map((problem) => `* ${problem}`);
    throw new OptionsError(
      `failed to decode options into ${goTypeName}: ${problems.length} error(s) decoding:\n\n${lines.join('\n')}`,
    );
  }
  return decoded;
}
