import { Tags } from '@supercap/data-model';
import { utf8Decode, utf8Encode, utf8Length } from './characters';
import { equal, less, lessOrEqual } from './compare';
import { CallError } from './error';
import { htmlEscape, jsEscape, queryEscape } from './escape-text';
import { toJson } from './json';
import { sprint, sprintln } from './print';
import { sprintf } from './printf';
import {
  basicOf,
  entryOf,
  goInt,
  isList,
  isMap,
  isTrue,
  mapSize,
  NamedValue,
  type TemplateValue,
  typeName,
} from './value';

/** The longest text that a function may make, and that a template may print. */
export const MAX_TEXT = 1024 * 1024;

export interface FunctionSpec {
  /** How many arguments it needs, and whether it takes more. */
  readonly arity: number;
  readonly variadic: boolean;
  /** The first argument must be a string. */
  readonly format?: boolean;
  /** Arguments are evaluated up to the first that is this true. */
  readonly stopsAt?: boolean;
  readonly call: (args: readonly TemplateValue[]) => TemplateValue;
}

const fixed = (arity: number, call: FunctionSpec['call']): FunctionSpec => ({ arity, variadic: false, call });
const variadic = (arity: number, call: FunctionSpec['call']): FunctionSpec => ({ arity, variadic: true, call });

/** What `html`, `js` and `urlquery` work on. */
export function joinedText(args: readonly TemplateValue[]): string {
  const [only] = args;
  if (args.length === 1 && typeof only === 'string') return only;
  return sprint(args.map((arg) => arg ?? '<no value>'));
}

function length(value: TemplateValue): TemplateValue {
  const basic = basicOf(value);
  if (typeof basic === 'string') return goInt(BigInt(utf8Length(basic)));
  if (isList(basic)) return goInt(BigInt(basic.length));
  if (isMap(basic)) return goInt(BigInt(mapSize(basic)));
  throw new CallError(value == null ? 'len of untyped nil' : `len of type ${typeName(value)}`);
}

function intIndex(value: TemplateValue, cap: number): number {
  const basic = basicOf(value);
  if (basic == null) throw new CallError('cannot index slice/array with nil');
  if (typeof basic !== 'bigint') throw new CallError(`cannot index slice/array with type ${typeName(value)}`);
  if (basic < 0n || basic > BigInt(cap)) throw new CallError(`index out of range: ${basic}`);
  return Number(basic);
}

function index(args: readonly TemplateValue[]): TemplateValue {
  let [value] = args;
  if (value == null) throw new CallError('index of untyped nil');
  for (let i = 1; i < args.length; i++) {
    const basic = basicOf(value);
    if (value == null) throw new CallError('index of nil pointer');
    if (typeof basic === 'string') {
      const bytes = utf8Encode(basic);
      value = new NamedValue('uint8', BigInt(bytes[intIndex(args[i], bytes.length - 1)]!));
    } else if (isList(basic)) value = basic[intIndex(args[i], basic.length - 1)];
    else if (isMap(basic)) {
      const key = keyOf(args[i]);
      // A missing entry is the zero of the map's values.
      value = entryOf(basic, key) ?? (basic instanceof Tags ? '' : undefined);
    } else throw new CallError(`can't index item of type ${typeName(value)}`);
  }
  return value;
}

function keyOf(value: TemplateValue): string {
  if (typeof value === 'string') return value;
  if (value == null) throw new CallError('value is nil; should be of type string');
  throw new CallError(`value has type ${typeName(value)}; should be string`);
}

function slice(args: readonly TemplateValue[]): TemplateValue {
  const [value, ...bounds] = args;
  if (value == null) throw new CallError('slice of untyped nil');
  if (bounds.length > 3) throw new CallError(`too many slice indexes: ${bounds.length}`);
  const basic = basicOf(value);
  const bytes = typeof basic === 'string' ? utf8Encode(basic) : undefined;
  if (bytes && bounds.length === 3) throw new CallError('cannot slice string with 3 indexes');
  const list = bytes ?? basic;
  if (!(list instanceof Uint8Array) && !isList(list))
    throw new CallError(`can't slice item of type ${typeName(value)}`);
  const [from = 0, to = list.length, cap = list.length] = bounds.map((bound) => intIndex(bound, list.length));
  if (from > to) throw new CallError(`invalid slice index: ${from} > ${to}`);
  if (to > cap) throw new CallError(`invalid slice index: ${to} > ${cap}`);
  return list instanceof Uint8Array ? utf8Decode(list.subarray(from, to)) : list.slice(from, to);
}

function callValue([value]: readonly TemplateValue[]): TemplateValue {
  throw new CallError(value == null ? 'call of nil' : `non-function of type ${typeName(value)}`);
}

/** The first argument that is true or false, as asked; else the last. */
function deciding(stopsAt: boolean): FunctionSpec {
  const call: FunctionSpec['call'] = (args) => {
    for (const arg of args) if (isTrue(arg) === stopsAt) return arg;
    return args.at(-1);
  };
  return { ...variadic(1, call), stopsAt };
}

const builtins: Readonly<Record<string, FunctionSpec>> = {
  and: deciding(false),
  call: variadic(1, callValue),
  eq: variadic(1, ([first, ...others]) => equal(first, others)),
  ge: fixed(2, ([a, b]) => !less(a, b)),
  gt: fixed(2, ([a, b]) => !lessOrEqual(a, b)),
  html: variadic(0, (args) => htmlEscape(joinedText(args))),
  index: variadic(1, index),
  js: variadic(0, (args) => jsEscape(joinedText(args))),
  le: fixed(2, ([a, b]) => lessOrEqual(a, b)),
  len: fixed(1, ([value]) => length(value)),
  lt: fixed(2, ([a, b]) => less(a, b)),
  ne: fixed(2, ([a, b]) => !equal(a, [b])),
  not: fixed(1, ([value]) => !isTrue(value)),
  or: deciding(true),
  print: variadic(0, sprint),
  printf: { ...variadic(1, ([format, ...args]) => sprintf(String(format), args, MAX_TEXT)), format: true },
  println: variadic(0, sprintln),
  slice: variadic(1, slice),
  urlquery: variadic(0, (args) => queryEscape(joinedText(args))),
};

/** What JSON has no value for (NaN, infinities) leaves nothing of the whole, as in the original. */
function jsonOrNothing(value: TemplateValue, end: string): string {
  try {
    return toJson(value) + end;
  } catch (error) {
    if (error instanceof CallError) return '';
    throw error;
  }
}

/** Their results stand for themselves in a script element. */
const jsonFunctions: Readonly<Record<string, FunctionSpec>> = {
  json: fixed(1, ([value]) => new NamedValue('template.JS', jsonOrNothing(value, '\n'))),
  jsonCompact: fixed(1, ([value]) => new NamedValue('template.JS', jsonOrNothing(value, ''))),
};

export type FunctionTable = ReadonlyMap<string, FunctionSpec>;

export const FUNCTIONS: FunctionTable = new Map(Object.entries(builtins));
export const FUNCTIONS_AND_JSON: FunctionTable = new Map(Object.entries({ ...builtins, ...jsonFunctions }));
