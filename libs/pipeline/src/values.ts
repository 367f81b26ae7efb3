import type { DurationValue } from '@supercap/data-model';
import type { Lambda } from '@supercap/tickscript';
import { goTypeOfScriptValue } from './go-types';
import { HandlerHandle, NodeHandle } from './node-handle';
import type { ReferenceValue, RegexValue, ScriptValue, StarValue, TimeDimensionValue } from './script-types';

// What an expression can evaluate to while a script is being evaluated.

/** A call without an object, `f(…)`: it runs when it is used. */
export class DeferredCall {
  constructor(readonly run: () => Value) {}
}

/** A function, or the name space `influxql`, that is used without being called. */
export class Builtin {
  constructor(readonly name: string) {}
}

/** `influxql.mean('v')`, the argument of `mapReduce` in scripts of 2016. */
export class AggregateCall {
  constructor(
    readonly name: string,
    readonly args: readonly Value[],
  ) {}
}

/** The value of a var whose own statement is in error; what uses it is not another error. */
export class Unknowable {}

export type Value =
  | bigint
  | number
  | string
  | boolean
  | DurationValue
  | Lambda
  | RegexValue
  | StarValue
  | ReferenceValue
  | TimeDimensionValue
  | NodeHandle
  | HandlerHandle
  | DeferredCall
  | Builtin
  | AggregateCall
  | Unknowable
  | readonly Value[];

export type SyntaxNames = 'ast' | 'tick';

/** The Go type of a value, as error texts name it. The package of syntax nodes was `tick` in 2016 and is `ast` since. */
export function goTypeOfValue(value: Value, syntax: SyntaxNames = 'ast'): string {
  if (value instanceof NodeHandle || value instanceof HandlerHandle) return value.goType;
  if (value instanceof DeferredCall || value instanceof Builtin || value instanceof AggregateCall)
    return 'tick.unboundFunc';
  if (value instanceof Unknowable) return '<nil>';
  if (isList(value)) return '[]interface {}';
  const type = goTypeOfScriptValue(value);
  return syntax === 'tick' ? type.replace('*ast.', '*tick.') : type;
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isLambda(value: Value): value is Lambda {
  return typeof value === 'object' && !isList(value) && 'kind' in value && value.kind === 'lambda';
}

/** The value as plain data for a definition; undefined if it has no such form. */
export function toScriptValue(value: Value): ScriptValue | undefined {
  if (value instanceof NodeHandle) return { kind: 'node', id: value.id };
  if (value instanceof HandlerHandle) return { kind: 'node', id: value.node.id };
  if (
    value instanceof DeferredCall ||
    value instanceof Builtin ||
    value instanceof AggregateCall ||
    value instanceof Unknowable
  ) {
    return undefined;
  }
  if (isList(value)) {
    const items = value.map(toScriptValue);
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  return value;
}
