import { DurationValue, type Layout, type Point, TimeValue } from '@supercap/data-model';
import type { Expression, Lambda } from '@supercap/tickscript';
import { type Host, analyse } from './analyse';
import { type Binding, type Results, bind } from './binding';
import { EvaluationError } from './errors';
import type { Now } from './functions/definition';
import { type Evaluator, MISS, generate } from './generate';
import { interpret } from './interpret';
import { type TypedPlan, planFor } from './plan';
import type { Program } from './program';
import { type LambdaState, newLambdaState } from './state';
import { type LambdaValue, type Operand, type ValueType, goTypeNames } from './value';

export interface CompileOptions extends Host {
  /** Nanoseconds; the system's clock unless given. */
  readonly now?: Now;
}

const systemClock: Now = () => BigInt(Date.now()) * 1_000_000n;

/** Points whose types keep changing make no more code than this; the rest is interpreted. */
const MOST_EVALUATORS = 24;

/** Throws LambdaError. */
export function compileLambda(lambda: Lambda, options: CompileOptions = {}): CompiledLambda {
  return new CompiledLambda(lambda.expression, options);
}

/**
 * A lambda expression, ready to be evaluated. For each combination of types that its references turn out to have it
 * makes a function that does nothing but guard these types and compute.
 */
export class CompiledLambda {
  /** The names that it reads, `time` included. */
  readonly references: readonly string[];
  /** It reads nothing and is the same each time. */
  readonly isConstant: boolean;
  /**
   * Its result follows from the values of `references` alone: no state, no clock, no time of the point. Where they are
   * all tags (`readsFieldOf` says so), a caller may keep the result per series.
   */
  readonly tagsOnly: boolean;

  private readonly program: Program;
  private readonly now: Now;
  private readonly evaluators = new Map<string, Evaluator>();
  private current: Evaluator;
  private previous: Evaluator;

  constructor(expression: Expression, options: CompileOptions) {
    this.program = analyse(expression, options);
    this.now = options.now ?? systemClock;
    const { references, stateful, volatile } = this.program;
    this.references = references;
    this.isConstant = references.length === 0 && !stateful && !volatile;
    this.tagsOnly = !stateful && !volatile && !references.includes('time');
    this.current = this.previous = () => MISS;
  }

  /** The state of one group. */
  newState(): LambdaState {
    return newLambdaState();
  }

  /** The states of lambda vars used by name within: all groups of a node share them. */
  newShared(): readonly LambdaState[] {
    return Array.from({ length: this.program.nestedCount }, newLambdaState);
  }

  /** Throws EvaluationError. */
  evaluate(point: Point, state: LambdaState, shared: readonly LambdaState[], results?: Results): LambdaValue {
    const value = this.current(point, state, shared, results);
    return value === MISS ? this.evaluateOther(point, state, shared, results) : value;
  }

  /** Throws EvaluationError, also if the value is not a boolean. */
  predicate(point: Point, state: LambdaState, shared: readonly LambdaState[]): boolean {
    const value = this.current(point, state, shared, undefined);
    if (typeof value === 'boolean') return value;
    const other = value === MISS ? this.evaluateOther(point, state, shared, undefined) : value;
    if (typeof other === 'boolean') return other;
    throw new EvaluationError(this.typeGuard(typeOfValue(other)));
  }

  /** Like evaluate, without compiled code: much slower, and what that is tested against. */
  evaluateGenerically(
    point: Point,
    state: LambdaState,
    shared: readonly LambdaState[],
    results?: Results,
  ): LambdaValue {
    const bindings = this.bindings(point, results);
    return this.interpretPlan(planFor(this.program, bindings), bindings, point, state, shared, results);
  }

  /** Whether a field of the layout has one of the names that the lambda reads. */
  readsFieldOf(layout: Layout): boolean {
    return this.references.some((name) => layout.has(name));
  }

  private evaluateOther(
    point: Point,
    state: LambdaState,
    shared: readonly LambdaState[],
    results: Results | undefined,
  ): LambdaValue {
    // Points of two kinds in turn are common: keep both at hand.
    const previous = this.previous;
    const value = previous(point, state, shared, results);
    if (value !== MISS) {
      this.previous = this.current;
      this.current = previous;
      return value;
    }
    const bindings = this.bindings(point, results);
    let key = '';
    for (const { code } of bindings) key += code;
    let evaluator = this.evaluators.get(key);
    if (evaluator === undefined) {
      const plan = planFor(this.program, bindings);
      if (this.evaluators.size >= MOST_EVALUATORS)
        return this.interpretPlan(plan, bindings, point, state, shared, results);
      evaluator = generate(plan, this.references, bindings, this.now);
      this.evaluators.set(key, evaluator);
    }
    this.previous = this.current;
    this.current = evaluator;
    const result = evaluator(point, state, shared, results);
    // A point that has a layout's name but no value for it fits no evaluator.
    return result === MISS
      ? this.interpretPlan(planFor(this.program, bindings), bindings, point, state, shared, results)
      : result;
  }

  private bindings(point: Point, results: Results | undefined): Binding[] {
    return this.references.map((name) => bind(name, point, results));
  }

  private interpretPlan(
    { type, plan }: TypedPlan,
    bindings: readonly Binding[],
    point: Point,
    state: LambdaState,
    shared: readonly LambdaState[],
    results: Results | undefined,
  ): LambdaValue {
    const values = bindings.map((binding, i) => read(binding, this.references[i]!, point, results));
    return box(interpret(plan, { values, shared, now: this.now }, state), type);
  }

  private typeGuard(type: ValueType): string {
    // Arithmetic knows its result as a Go type.
    if (this.program.root.kind === 'chain') return `expression returned unexpected type ${goTypeNames[type]}`;
    return `TypeGuard: expression returned unexpected type ${type}, expected boolean`;
  }
}

function read({ source }: Binding, name: string, point: Point, results: Results | undefined): Operand {
  switch (source) {
    case 'time':
      return point.time;
    case 'tag':
      return point.tags.get(name);
    case 'collision':
      return undefined;
    default: {
      const value = source === 'field' ? point.field(name) : results?.values[results.layout.slot(name)];
      if (value instanceof DurationValue || value instanceof TimeValue) return value.ns;
      return value ?? undefined;
    }
  }
}

function box(value: Operand, type: ValueType): LambdaValue {
  if (type === 'duration') return new DurationValue(value as bigint);
  if (type === 'time') return new TimeValue(value as bigint);
  return value as Exclude<Operand, undefined>;
}

function typeOfValue(value: LambdaValue): ValueType {
  switch (typeof value) {
    case 'number':
      return 'float';
    case 'bigint':
      return 'int';
    case 'string':
      return 'string';
    case 'boolean':
      return 'boolean';
    default:
      return value instanceof DurationValue ? 'duration' : value instanceof TimeValue ? 'time' : 'regex';
  }
}
