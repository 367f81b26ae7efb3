import type { FieldValue } from '@supercap/data-model';
import type { CompiledRegex } from './regex';

/** The types of a lambda, by the names that error texts use. */
export type ValueType = 'float' | 'int' | 'string' | 'boolean' | 'regex' | 'time' | 'duration' | 'missing';

/**
 * A value while an expression is evaluated. Its type is always known beside it, so durations and times (nanoseconds)
 * are bare bigints here; they are boxed when they leave. Undefined stands for the missing value.
 */
export type Operand = number | bigint | string | boolean | CompiledRegex | undefined;

/** What an evaluation yields: a null field is an error, never a result. */
export type LambdaValue = Exclude<FieldValue, null> | CompiledRegex;

/** Go's name of a type, as the texts about predicates have it. */
export const goTypeNames: Record<ValueType, string> = {
  float: 'float64',
  int: 'int64',
  string: 'string',
  boolean: 'bool',
  regex: '*regexp.Regexp',
  time: 'time.Time',
  duration: 'time.Duration',
  missing: '*ast.Missing',
};
