import { DurationValue, type FieldValue, TimeValue } from '@supercap/data-model';

/** A field value as plain JSON: what JSON has is itself, the rest is an object of one member. */
export type EncodedValue =
  | number
  | string
  | boolean
  | null
  | { readonly int: string }
  | { readonly float: 'NaN' | 'Infinity' | '-Infinity' | '-0' }
  | { readonly duration: string }
  | { readonly time: string };

export function encodeValue(value: FieldValue): EncodedValue {
  if (typeof value === 'bigint') return { int: value.toString() };
  if (typeof value === 'number') {
    if (Object.is(value, -0)) return { float: '-0' };
    return Number.isFinite(value) ? value : { float: String(value) as 'NaN' | 'Infinity' | '-Infinity' };
  }
  if (value instanceof DurationValue) return { duration: value.ns.toString() };
  if (value instanceof TimeValue) return { time: value.ns.toString() };
  return value;
}

export function decodeValue(value: EncodedValue): FieldValue {
  if (typeof value !== 'object' || value === null) return value;
  if ('int' in value) return BigInt(value.int);
  if ('float' in value) return Number(value.float);
  if ('duration' in value) return new DurationValue(BigInt(value.duration));
  return new TimeValue(BigInt(value.time));
}
