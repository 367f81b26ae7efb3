import { DurationValue, Tags, TimeValue } from '@supercap/data-model';
import { LOCAL_ZONE } from './time-zone';

/**
 * What a template is executed on, and what its expressions give. A bigint is Go's int64, a number float64; a Map and a
 * plain object are `map[string]interface {}`, Tags `map[string]string`, an array `[]interface {}`.
 */
export type TemplateValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | DurationValue
  | TimeValue
  | NamedValue
  | StructValue
  | Tags
  | ReadonlyMap<string, TemplateValue>
  | readonly TemplateValue[]
  | { readonly [key: string]: TemplateValue };

export type Method = (args: readonly TemplateValue[]) => TemplateValue;

/** Called by its name on the value: `.Time.Format "15:04"`. */
export interface MethodSpec {
  readonly arity: number;
  readonly call: Method;
}

export type MethodTable = Readonly<Record<string, MethodSpec>>;

/** A value of a named Go type over a basic one. `text` is what its String method gives, if it has one. */
export class NamedValue {
  constructor(
    readonly typeName: string,
    readonly underlying: string | bigint | number | boolean,
    readonly text?: string,
    readonly methods?: MethodTable,
    /** Whether JSON has the text; otherwise what is behind it. */
    readonly encodesText = text !== undefined,
  ) {}
}

/** A time shown in a zone: that of this machine, as Time.Local gives it. */
export class LocalTime extends TimeValue {
  constructor(
    ns: bigint,
    readonly zone: string = LOCAL_ZONE,
  ) {
    super(ns);
  }
}

export interface StructTraits {
  readonly methods?: MethodTable;
  /** The struct that is embedded before its own fields: they are its own, too, but print in braces of their own. */
  readonly embedded?: StructValue;
  /** Its JSON, where that is not simply its fields by their names. */
  readonly json?: () => string;
  /** What its String method gives, if it has one. */
  readonly text?: () => string;
}

/** A struct: a field that it does not have is an error, not an empty value. Fields print and encode in their order. */
export class StructValue {
  constructor(
    readonly typeName: string,
    readonly fields: { readonly [name: string]: TemplateValue },
    readonly traits: StructTraits = {},
  ) {}

  has(name: string): boolean {
    return Object.hasOwn(this.fields, name) || this.traits.embedded?.has(name) === true;
  }

  field(name: string): TemplateValue {
    return Object.hasOwn(this.fields, name) ? this.fields[name] : this.traits.embedded?.field(name);
  }

  /** As it prints: what is embedded is one member, named after its type. */
  get members(): readonly (readonly [name: string, value: TemplateValue])[] {
    const { embedded } = this.traits;
    const own = Object.keys(this.fields).map((name) => [name, this.fields[name]] as const);
    return embedded === undefined ? own : [[embedded.typeName.replace(/^.*\./, ''), embedded], ...own];
  }

  /** As it encodes: the fields of what is embedded are its own. */
  get flatMembers(): readonly (readonly [name: string, value: TemplateValue])[] {
    const own = Object.keys(this.fields).map((name) => [name, this.fields[name]] as const);
    return [...(this.traits.embedded?.flatMembers ?? []), ...own];
  }
}

/** A struct of a Go type, e.g. `struct('kapacitor.idInfo', { Name: 'cpu' })`. Getters among the fields are read when used. */
export function struct(
  typeName: string,
  fields: { readonly [name: string]: TemplateValue },
  traits?: StructTraits,
): StructValue {
  return new StructValue(typeName, fields, traits);
}

/** An int as literals, `len` and Go's own methods give it. */
export function goInt(value: bigint): NamedValue {
  return new NamedValue('int', value);
}

export type MapValue = Tags | ReadonlyMap<string, TemplateValue> | { readonly [key: string]: TemplateValue };

export function isList(value: TemplateValue): value is readonly TemplateValue[] {
  return Array.isArray(value);
}

export function isMap(value: TemplateValue): value is MapValue {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof DurationValue) &&
    !(value instanceof TimeValue) &&
    !(value instanceof NamedValue) &&
    !(value instanceof StructValue)
  );
}

/** Keys in the order that Go prints and ranges over them. */
export function sortedKeys(map: MapValue): readonly string[] {
  if (map instanceof Tags) return map.keys;
  return (map instanceof Map ? [...(map as ReadonlyMap<string, TemplateValue>).keys()] : Object.keys(map)).sort();
}

/** Undefined is a key that is missing. */
export function entryOf(map: MapValue, key: string): TemplateValue {
  if (map instanceof Tags || map instanceof Map) return (map as ReadonlyMap<string, TemplateValue>).get(key);
  return Object.hasOwn(map, key) ? (map as { readonly [key: string]: TemplateValue })[key] : undefined;
}

export function mapSize(map: MapValue): number {
  return map instanceof Tags || map instanceof Map ? map.size : Object.keys(map).length;
}

/** Go's name of a value's type. */
export function typeName(value: TemplateValue): string {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return 'float64';
    case 'bigint':
      return 'int64';
    case 'boolean':
      return 'bool';
    case 'undefined':
      return '<nil>';
    default:
      if (value === null) return '<nil>';
      if (value instanceof NamedValue || value instanceof StructValue) return value.typeName;
      if (value instanceof DurationValue) return 'time.Duration';
      if (value instanceof TimeValue) return 'time.Time';
      if (value instanceof Tags) return 'map[string]string';
      return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}';
  }
}

/** The value of a named type or a duration as a basic one, anything else as it is. */
export function basicOf(value: TemplateValue): TemplateValue {
  if (value instanceof NamedValue) return value.underlying;
  return value instanceof DurationValue ? value.ns : value;
}

/** Whether `if` takes a value for true: everything is but zero, the empty and nil. */
export function isTrue(value: TemplateValue): boolean {
  const basic = basicOf(value);
  switch (typeof basic) {
    case 'string':
      return basic !== '';
    case 'number':
      return basic !== 0;
    case 'bigint':
      return basic !== 0n;
    case 'boolean':
      return basic;
    case 'undefined':
      return false;
    default:
      if (basic === null) return false;
      if (isList(basic)) return basic.length > 0;
      return !isMap(basic) || mapSize(basic) > 0;
  }
}
