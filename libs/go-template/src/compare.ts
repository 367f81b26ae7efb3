import { TimeValue } from '@supercap/data-model';
import { CallError } from './error';
import { sprintf } from './printf';
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

/** Equal to any of the others. Kinds must agree, an int is no float; only nil may stand beside anything. */
export function equal(first: TemplateValue, others: readonly TemplateValue[]): boolean {
  if (others.length === 0) throw new CallError('missing argument for comparison');
  const a = comparable(first);
  for (const other of others) {
    if (first == null || other == null) {
      if (first == null && other == null) return true;
      continue;
    }
    const b = comparable(other);
    if (typeof a !== typeof b) throw new CallError(INCOMPATIBLE);
    if (a === undefined ? same(first, other) : a === b) return true;
  }
  return false;
}

function same(a: NonNullable<TemplateValue>, b: NonNullable<TemplateValue>): boolean {
  if (a instanceof TimeValue && b instanceof TimeValue) return a.ns === b.ns;
  if (kindOf(a) !== kindOf(b)) {
    throw new CallError(sprintf(`non-comparable types %s: ${typeName(a)}, ${typeName(b)}: %v`, [a, b]));
  }
  if (isList(b) || isMap(b)) throw new CallError(sprintf(`non-comparable type %s: ${typeName(b)}`, [b]));
  return a === b;
}

function kindOf(value: TemplateValue): string {
  return isList(value) ? 'slice' : isMap(value) ? 'map' : 'struct';
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
