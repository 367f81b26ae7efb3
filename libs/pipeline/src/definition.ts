import type { NodeRuntime } from './runtime';
import type { ParameterType, ParameterValues, ScriptValue } from './script-types';

// How a node is declared: the one place that the script evaluator, validation, DOT and JSON, completion and the docs
// read. Options are plain data (see ScriptValue), so a pipeline can be stored and sent.

/** A script error raised by a definition: its message becomes the cause in `error calling func "x" on obj T: cause`. */
export class DefinitionError extends Error {}

/** One parameter of a chaining method or of a property method. */
export interface Parameter<T = unknown> {
  readonly type: ParameterType;
  readonly summary: string;
  /** Takes all remaining arguments as a list; only on the last parameter. */
  readonly variadic?: boolean;
  /** May be left out. Original methods that are variadic only to allow zero or one argument are optional here. */
  readonly optional?: boolean;
  readonly __type?: T;
}

/**
 * A property of a node or of a handler.
 * `value`: a plain member, set from exactly one argument (errors speak of `reflect.Set`, as clients know them).
 * `method`: a method with parameters (errors speak of `reflect: Call`).
 */
export interface Property<T = unknown> {
  readonly kind: 'value' | 'method';
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  /** The option's value while the property has not been called. */
  readonly initial: T;
  /** The option's new value after a call. May throw DefinitionError. */
  apply(current: T, args: readonly ScriptValue[]): T;
  readonly since?: string;
}

export type ParameterRecord = Readonly<Record<string, Parameter>>;
export type PropertyRecord = Readonly<Record<string, Property>>;

export type OptionsOf<A extends ParameterRecord, P extends PropertyRecord> = {
  readonly [K in keyof A]: A[K] extends Parameter<infer T> ? T : never;
} & { readonly [K in keyof P]: P[K] extends Property<infer T> ? T : never };

export type EdgeType = 'stream' | 'batch';

export interface EdgeRule {
  /** What the parents must provide. */
  readonly wants: EdgeType | 'any';
  readonly provides: EdgeType | 'same' | 'none';
  /** The cause when a parent of the wrong kind is chained, e.g. `cannot Window batch edge`. */
  readonly mismatch?: string;
}

/** An alert handler as the script sees it: a method of the alert node that returns an object with properties. */
export interface HandlerDefinition<
  A extends ParameterRecord = ParameterRecord,
  P extends PropertyRecord = PropertyRecord,
> {
  /** The TICKscript method, e.g. `pagerDuty2`. */
  readonly name: string;
  /** The kind in the topic-handler API, e.g. `pagerduty2`. */
  readonly kind: string;
  readonly goType: string;
  readonly summary: string;
  readonly args: A;
  readonly properties: P;
  /** The first message that is wrong with the options, at definition time. */
  validate?(options: OptionsOf<A, P>): string | undefined;
  readonly since?: string;
}

/** A handler as a pipeline holds it. */
export interface HandlerUse {
  readonly name: string;
  readonly kind: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface NodeDefinition<
  A extends ParameterRecord = ParameterRecord,
  P extends PropertyRecord = PropertyRecord,
  Shared = unknown,
  State = unknown,
> {
  /** The chaining method, `typeOf` in pipeline JSON. */
  readonly name: string;
  /** What node names start with (`http_out` in `http_out3`); the name unless given. */
  readonly prefix?: string;
  /** The kind that the 2016 API shows in its graphs (`stream` for `from`); the prefix unless given. */
  readonly legacyPrefix?: string;
  /** e.g. `*pipeline.FromNode`, for error texts. */
  readonly goType: string;
  readonly summary: string;
  readonly edge: EdgeRule;
  /** Where the method exists: on every node (default), or only on the named definitions. */
  readonly chainsFrom?: readonly string[];
  readonly args: A;
  readonly properties: P;
  /** Handler methods (alert). Their uses are the option `handlers`: HandlerUse[]. */
  readonly handlers?: readonly HandlerDefinition[];
  /** Parents beside the one left of the pipe: the option that holds them (NodeValue[]), and whether the left one is last. */
  readonly parents?: { readonly option: string; readonly leftIsLast?: boolean };
  /** Checks the arguments when the method is called; a DefinitionError becomes the cause of `error calling func …`. */
  checkArgs?(args: OptionsOf<A, Record<never, never>>): void;
  /** The first message that is wrong with the options, at definition time (400 `invalid TICKscript: …`). */
  validate?(options: OptionsOf<A, P>): string | undefined;
  /** State that the whole node has one of. Plain data, see `runtime.ts`. */
  shared?(options: OptionsOf<A, P>): Shared;
  /** State of one group. Plain data, see `runtime.ts`. */
  state?(options: OptionsOf<A, P>): State;
  /** The groups that `working_cardinality` counts; all that have a state unless given. */
  cardinality?(shared: Shared, states: Iterable<State>): number;
  /** Makes the running node. Absent: the node cannot run yet, enabling says so. May throw StartError. */
  readonly runtime?: NodeRuntime<OptionsOf<A, P>, Shared, State>;
  /** With `.quiet()` its errors are not even counted (eval). */
  readonly uncountedWhenQuiet?: boolean;
  /** Script, line protocol in and what comes out: run by the contract suite and printed in the docs. */
  readonly examples?: readonly NodeExample[];
  readonly since?: string;
}

export interface NodeExample {
  /** What follows `stream|from().measurement('m')` or a batch of the same. */
  readonly script: string;
  readonly input: string;
  readonly output: string;
}

/** Gives the literal its precise type; options in `validate`, `state` and `runtime` follow from `args` and `properties`. */
export function defineNode<A extends ParameterRecord, P extends PropertyRecord, Shared = undefined, State = undefined>(
  definition: NodeDefinition<A, P, Shared, State>,
): NodeDefinition {
  return definition as unknown as NodeDefinition;
}

export function defineHandler<A extends ParameterRecord, P extends PropertyRecord>(
  definition: HandlerDefinition<A, P>,
): HandlerDefinition {
  return definition as unknown as HandlerDefinition;
}

type ValueOf<T extends ParameterType> = ParameterValues[T];

/** Parameters of chaining methods and handlers, e.g. `args: { field: arg('string', 'The field.') }`. */
export function arg<T extends ParameterType>(type: T, summary: string): Parameter<ValueOf<T>> {
  return { type, summary };
}

export function optionalArg<T extends ParameterType>(type: T, summary: string): Parameter<ValueOf<T> | undefined> {
  return { type, summary, optional: true };
}

export function restArg<T extends ParameterType>(type: T, summary: string): Parameter<readonly ValueOf<T>[]> {
  return { type, summary, variadic: true };
}

interface PropertyExtras<D> {
  readonly default?: D;
  readonly since?: string;
}

/** A plain member: `.as('x')`, `.unit(1s)`. Undefined until set unless it has a default. */
function value<T extends ParameterType>(
  type: T,
  summary: string,
  extras: PropertyExtras<ValueOf<T>> & { default: ValueOf<T> },
): Property<ValueOf<T>>;
function value<T extends ParameterType>(
  type: T,
  summary: string,
  extras?: PropertyExtras<ValueOf<T>>,
): Property<ValueOf<T> | undefined>;
function value<T extends ParameterType>(type: T, summary: string, extras: PropertyExtras<ValueOf<T>> = {}): unknown {
  return {
    kind: 'value',
    summary,
    parameters: [{ type, summary }],
    initial: extras.default,
    apply: (_current: unknown, [given]: readonly ScriptValue[]) => given,
    since: extras.since,
  };
}

/** A method without arguments that switches something on: `.align()`. */
function flag(summary: string, since?: string): Property<boolean> {
  return { kind: 'method', summary, parameters: [], initial: false, apply: () => true, since };
}

/** A method whose arguments replace the list: `.as('a', 'b')`. */
function list<T extends ParameterType>(type: T, summary: string, since?: string): Property<readonly ValueOf<T>[]> {
  return {
    kind: 'method',
    summary,
    parameters: [{ type, summary, variadic: true }],
    initial: [],
    apply: (_current, [given]) => given as unknown as readonly ValueOf<T>[],
    since,
  };
}

/** A method of any shape. `apply` gets one value per parameter, a list for a variadic one, undefined for one left out. */
function method<T>(definition: {
  summary: string;
  parameters: readonly Parameter[];
  initial: T;
  apply(current: T, args: readonly ScriptValue[]): T;
  since?: string;
}): Property<T> {
  return { kind: 'method', ...definition };
}

export const property = { value, flag, list, method };
