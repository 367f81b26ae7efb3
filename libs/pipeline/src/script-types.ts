import type { Lambda } from '@supercap/tickscript';
import type { DurationValue } from '@supercap/data-model';

export { goTypeOfScriptValue } from './go-types';

/** A regex or star literal as an argument. */
export interface RegexValue {
  readonly kind: 'regex';
  readonly pattern: string;
}
export interface StarValue {
  readonly kind: 'star';
}
/** Another node as an argument (join, union): its number within the pipeline. */
export interface NodeValue {
  readonly kind: 'node';
  readonly id: number;
}
/** A `"reference"` where a value is expected; only ever an error, or the operand of one. */
export interface ReferenceValue {
  readonly kind: 'reference';
  readonly name: string;
}
/** `time(10s)` or `time(10s, 1s)`, for `query.groupBy`. Nanoseconds. */
export interface TimeDimensionValue {
  readonly kind: 'timeDimension';
  readonly length: bigint;
  readonly offset: bigint;
}

/** What a TICKscript expression can evaluate to as an argument of a call. bigint is int, number is float. */
export type ScriptValue =
  | bigint
  | number
  | string
  | boolean
  | DurationValue
  | Lambda
  | RegexValue
  | StarValue
  | NodeValue
  | ReferenceValue
  | TimeDimensionValue
  | readonly ScriptValue[];

/** Parameter types, and the Go type that error texts name for each. */
export const goParameterTypes = {
  string: 'string',
  int: 'int64',
  float: 'float64',
  bool: 'bool',
  duration: 'time.Duration',
  lambda: '*ast.LambdaNode',
  regex: '*regexp.Regexp',
  node: 'pipeline.Node',
  any: 'interface {}',
} as const;

export type ParameterType = keyof typeof goParameterTypes;

export interface ParameterValues {
  string: string;
  int: bigint;
  float: number;
  bool: boolean;
  /** Nanoseconds. */
  duration: bigint;
  lambda: Lambda;
  regex: RegexValue;
  node: NodeValue;
  any: ScriptValue;
}
