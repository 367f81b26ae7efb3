/** Nanoseconds since the Unix epoch. */
export type Time = bigint;

/** A duration kept as a field value, so that it does not become an int. Nanoseconds. */
export class DurationValue {
  constructor(readonly ns: bigint) {}
}

/** A time kept as a field value. Nanoseconds since the Unix epoch. */
export class TimeValue {
  constructor(readonly ns: Time) {}
}

/**
 * The value of a field. The JavaScript type is the field type: number is float64, bigint is int64 (always within
 * 64 bits), null only comes from `join.fill('null')`.
 */
export type FieldValue = number | bigint | string | boolean | DurationValue | TimeValue | null;

export type FieldType = 'float' | 'int' | 'string' | 'bool' | 'duration' | 'time' | 'null';

export function fieldTypeOf(value: FieldValue): FieldType {
  switch (typeof value) {
    case 'number':
      return 'float';
    case 'bigint':
      return 'int';
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    default:
      return value === null ? 'null' : value instanceof DurationValue ? 'duration' : 'time';
  }
}

/** Go's name of a field's type, as it stands in error texts that clients match on. */
export function goTypeOf(value: FieldValue): string {
  return GO_TYPES[fieldTypeOf(value)];
}

const GO_TYPES: Record<FieldType, string> = {
  float: 'float64',
  int: 'int64',
  string: 'string',
  bool: 'bool',
  duration: 'time.Duration',
  time: 'time.Time',
  null: '<nil>',
};
