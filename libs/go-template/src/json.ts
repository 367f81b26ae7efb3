import { DurationValue, jsonFloat, jsonString, TimeValue, UnsupportedValueError } from '@supercap/data-model';
import { CallError } from './error';
import { timeJson } from './time-format';
import { entryOf, isList, NamedValue, sortedKeys, StructValue, type TemplateValue } from './value';

const MAX_DEPTH = 500;

/** Go's encoding/json of a value, HTML-safe. Fields of a struct keep their order, keys of a map are sorted. */
export function toJson(value: TemplateValue, depth = 0): string {
  if (depth > MAX_DEPTH) throw new CallError(`json: value nests deeper than ${MAX_DEPTH} levels`);
  switch (typeof value) {
    case 'string':
      return jsonString(value);
    case 'number':
      return float(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'undefined':
      return 'null';
    default:
      if (value === null) return 'null';
      if (value instanceof NamedValue)
        return value.encodesText ? jsonString(value.text!) : toJson(value.underlying, depth);
      if (value instanceof DurationValue) return value.ns.toString();
      if (value instanceof TimeValue) return `"${timeJson(value)}"`;
      if (isList(value)) return `[${value.map((item) => toJson(item, depth + 1)).join(',')}]`;
      if (value instanceof StructValue) {
        if (value.traits.json !== undefined) return value.traits.json();
        return object(value.flatMembers.map(([name, member]) => [name, toJson(member, depth + 1)]));
      }
      return object(sortedKeys(value).map((key) => [key, toJson(entryOf(value, key), depth + 1)]));
  }
}

function object(members: readonly (readonly [name: string, json: string])[]): string {
  return `{${members.map(([name, json]) => `${jsonString(name)}:${json}`).join(',')}}`;
}

function float(value: number): string {
  try {
    return jsonFloat(value);
  } catch (error) {
    if (error instanceof UnsupportedValueError) throw new CallError(error.message);
    throw error;
  }
}
