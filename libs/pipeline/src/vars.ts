import { randomUUID } from 'node:crypto';
import { parseDuration } from '@supercap/data-model';

export const varTypes = ['bool', 'int', 'float', 'string', 'regex', 'duration', 'lambda', 'list', 'star'] as const;
export type VarType = (typeof varTypes)[number];

/** A var of a script or a value supplied for one. `value` is null where a typed var has no value. */
export type Var = { readonly description: string } & (
  | { readonly type: 'bool'; readonly value: boolean | null }
  | { readonly type: 'int'; readonly value: bigint | null }
  | { readonly type: 'float'; readonly value: number | null }
  /** A regex is kept as its pattern, a lambda as its expression: they are read when the script is compiled. */
  | { readonly type: 'string' | 'regex' | 'lambda'; readonly value: string | null }
  /** Nanoseconds. */
  | { readonly type: 'duration'; readonly value: bigint | null }
  | { readonly type: 'list'; readonly value: readonly Var[] | null }
  | { readonly type: 'star'; readonly value: { readonly typeOf: 'star' } | null }
);

export type Vars = Readonly<Record<string, Var>>;

/** Vars that cannot be read. */
export class VarsError extends Error {
  override readonly name = 'VarsError';

  constructor(
    message: string,
    /** The shape is wrong: the HTTP API answers `invalid JSON` and not this message. */
    readonly malformed: boolean,
  ) {
    super(message);
  }
}

/** Reads `{name: {type, value, description}}`. Integers may be bigint where the JSON was read exactly. Throws VarsError. */
export function decodeVars(json: unknown): Vars {
  if (json === null || json === undefined) return {};
  if (!isObject(json)) throw new VarsError('expected an object of vars', true);
  // Names come from users: without a prototype none of them is special.
  const vars: Record<string, Var> = Object.create(null) as Record<string, Var>;
  for (const [name, value] of Object.entries(json)) vars[name] = decodeVar(name, value);
  return vars;
}

function decodeVar(name: string, json: unknown): Var {
  if (!isObject(json)) throw malformed(name, 'expected an object with type and value');
  const type = varTypes.find((known) => known === json['type']);
  if (!type) throw new VarsError(`unknown VarType ${String(json['type'])}`, true);
  const description = json['description'] ?? '';
  if (typeof description !== 'string') throw malformed(name, 'expected string description');
  const { value } = json;
  switch (type) {
    case 'bool':
      if (typeof value !== 'boolean') throw unexpected(name, type, value);
      return { type, value, description };
    case 'int': {
      const int = asInt(value);
      if (int === undefined) throw malformed(name, 'expected int value');
      return { type, value: int, description };
    }
    case 'float':
      if (typeof value !== 'number' && typeof value !== 'bigint') throw malformed(name, 'expected float value');
      return { type, value: Number(value), description };
    case 'duration': {
      const ns = typeof value === 'string' ? parseDuration(value) : asInt(value);
      if (ns === undefined) throw malformed(name, 'expected duration value');
      return { type, value: ns, description };
    }
    case 'string':
    case 'regex':
    case 'lambda':
      if (typeof value !== 'string') throw unexpected(name, type, value);
      return { type, value, description };
    case 'star':
      return { type, value: null, description };
    case 'list':
      if (!Array.isArray(value)) throw malformed(name, 'expected list of vars');
      return { type, value: value.map((item: unknown) => decodeItem(name, item)), description };
  }
}

function decodeItem(name: string, item: unknown): Var {
  if (!isObject(item)) throw malformed(name, 'expected list of vars');
  if (!('type' in item)) throw malformed(name, 'expected list type key in object');
  if (!('value' in item)) throw malformed(name, 'expected list value key in object');
  // Lists of lists do not exist in the language, and would be a way to deep recursion.
  if (item['type'] === 'list') throw malformed(name, 'a list cannot hold a list');
  return decodeVar(name, item);
}

function asInt(value: unknown): bigint | undefined {
  const int =
    typeof value === 'bigint'
      ? value
      : typeof value === 'number' && Number.isInteger(value)
        ? BigInt(value)
        : undefined;
  return int !== undefined && BigInt.asIntN(64, int) === int ? int : undefined;
}

function malformed(name: string, what: string): VarsError {
  return new VarsError(`invalid var ${name}: ${what}`, true);
}

function unexpected(name: string, type: VarType, value: unknown): VarsError {
  switch (typeof value) {
    case 'string':
      return new VarsError(`invalid var ${name}: unexpected var type ${type}, value is a string`, false);
    case 'boolean':
      return new VarsError(`invalid var ${name}: unexpected var type ${type}, value is a bool`, false);
    case 'number':
    case 'bigint':
      return new VarsError(`invalid var ${name}: unsupported Var type json.Number.`, false);
    default:
      return new VarsError(`invalid var ${name}: unsupported Var type ${goTypeOfJson(value)}.`, false);
  }
}

function goTypeOfJson(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An integer that a double may not hold, and that may fit 64 bits. */
const LONG_INT = /^-?\d{16,19}$/;
/** Marks such integers while they are read. Nobody who writes vars can know it. */
const EXACT = `$int-${randomUUID()}`;

/** Reads the JSON text of vars, integers exactly. Throws VarsError. */
export function varsFromJson(text: string): Vars {
  // What a double may not hold is wrapped before JSON.parse can round it.
  const wrapped = text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
    LONG_INT.test(token) ? `{"${EXACT}":"${token}"}` : token,
  );
  let json: unknown;
  try {
    json = JSON.parse(wrapped, (_key, value: unknown) => wrappedInt(value) ?? value);
  } catch {
    throw new VarsError('the vars are not JSON', true);
  }
  return decodeVars(json);
}

function wrappedInt(value: unknown): bigint | undefined {
  if (!isObject(value) || Object.keys(value).length !== 1) return undefined;
  const digits = value[EXACT];
  return typeof digits === 'string' && LONG_INT.test(digits) ? BigInt(digits) : undefined;
}

/** The JSON text of vars, integers exactly. */
export function varsToJson(vars: Vars): string {
  const ints: bigint[] = [];
  // A marker takes the place of what JSON.stringify cannot print; no user text gets past it, for quotes are escaped.
  const text = JSON.stringify(encodeVars(vars), (_key, value: unknown) =>
    typeof value === 'bigint' ? { $int: ints.push(value) - 1 } : value,
  );
  return text.replace(/"value":\{"\$int":(\d+)\}/g, (_match, index: string) => `"value":${ints[Number(index)]}`);
}

/** The JSON form of one var. An integer beyond what a double holds exactly stays a bigint, for a writer that can print it. */
export interface VarJson {
  readonly type: VarType;
  readonly value: unknown;
  readonly description: string;
}

export function encodeVars(vars: Vars): Record<string, VarJson> {
  return Object.fromEntries(
    Object.keys(vars)
      .sort()
      .map((name) => [name, encodeVar(vars[name]!)]),
  );
}

function encodeVar(v: Var): VarJson {
  const { type, description } = v;
  switch (v.type) {
    case 'int':
    case 'duration':
      return { type, value: v.value === null ? null : exactInt(v.value), description };
    case 'list':
      return { type, value: v.value === null ? null : v.value.map(encodeVar), description };
    default:
      return { type, value: v.value, description };
  }
}

function exactInt(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
