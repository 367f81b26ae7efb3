import { DurationValue, TimeValue } from '@supercap/data-model';
import { CallError } from './error';
import { text } from './print';
import { basicOf, isList, isMap, type TemplateValue, typeName } from './value';

type Basic = string | number | bigint | boolean;

const INCOMPATIBLE = 'incompatible types for comparison';
const INVALID = 'invalid type for comparison';

/** The basic value behind a value, if there is one: only these are compared. */
function comparable(value: TemplateValue): Basic | undefined {
  const basic = basicOf(value);
  switch (typeof basic) {
    case 'string':
    case 'number':
    case 'bigint':
    case 'boolean':
      return basic;
    default:
      return undefined;
  }
}

function refuseUncomparable(value: TemplateValue): void {
  if (isList(value) || isMap(value)) throw new CallError(`uncomparable type ${typeName(value)}: ${text(value)}`);
}

/** Equal to any of the others. Kinds must agree: an int is no float. */
export function equal(first: TemplateValue, others: readonly TemplateValue[]): boolean {
  refuseUncomparable(first);
  if (others.length === 0) throw new CallError('missing argument for comparison');
  const a = comparable(first);
  for (const other of others) {
    const b = comparable(other);
    // What is not there equals nothing but itself, whatever the other is.
    if (isNothing(first) || isNothing(other)) {
      if (isNothing(first) && isNothing(other)) return true;
      continue;
    }
    if (typeof a !== typeof b) throw new CallError(INCOMPATIBLE);
    if (a !== undefined) {
      if (a === b) return true;
      continue;
    }
    refuseUncomparable(other);
    if (same(first, other)) return true;
  }
  return false;
}

const isNothing = (value: TemplateValue) => value === undefined || value === null;

function same(a: TemplateValue, b: TemplateValue): boolean {
  if (a instanceof TimeValue && b instanceof TimeValue) return a.ns === b.ns;
  if (a instanceof DurationValue && b instanceof DurationValue) return a.ns === b.ns;
  return a === b;
}

export function less(first: TemplateValue, second: TemplateValue): boolean {
  const a = comparable(first);
  const b = comparable(second);
  if (a === undefined || b === undefined) throw new CallError(INVALID);
  if (typeof a !== typeof b) throw new CallError(INCOMPATIBLE);
  if (typeof a === 'boolean') throw new CallError(INVALID);
  return a < b;
}

export function lessOrEqual(first: TemplateValue, second: TemplateValue): boolean {
  return less(first, second) || equal(first, [second]);
}
