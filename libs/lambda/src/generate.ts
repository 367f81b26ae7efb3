import { DurationValue, type Point, TimeValue } from '@supercap/data-model';
import type { Binding, Results } from './binding';
import { ConstantPool } from './constant-pool';
import { EvaluationError } from './errors';
import type { Now } from './functions/definition';
import { guardsOf } from './guards';
import { operatorHelpers } from './operators';
import type { Plan, TypedPlan } from './plan';
import type { LambdaState } from './state';
import type { LambdaValue, ValueType } from './value';

/** Returned instead of a value when the point is not of the types that the code was made for. */
export const MISS = Symbol('other types');

/**
 * Evaluates points whose references have the types that it was made for; MISS for others, before anything else
 * happens. The first check of a layout resolves the slots, so that points of one layout pay for it once.
 */
export type Evaluator = (
  point: Point,
  state: LambdaState,
  shared: readonly LambdaState[],
  results: Results | undefined,
) => LambdaValue | typeof MISS;

/**
 * Makes JavaScript of a plan. Its text consists of this file's templates, of the operators' code and of numbered names;
 * whatever comes from a user (names, literals, texts) is in the list of constants.
 */
export function generate(
  { type, plan }: TypedPlan,
  names: readonly string[],
  bindings: readonly Binding[],
  now: Now,
): Evaluator {
  const generator = new Generator(names, bindings);
  return factoryOf(generator.evaluator(type, plan))(generator.constants.values, helpers, now);
}

type Factory = (constants: readonly unknown[], helpers: object, now: Now) => Evaluator;

const helpers = { ...operatorHelpers, MISS, DurationValue, TimeValue };
const factories = new Map<string, Factory>();
/** So many different codes are remembered. */
const MOST_FACTORIES = 1000;

/** Expressions that differ in names and literals only have the same code: what V8 made of it serves all of them. */
function factoryOf(body: string): Factory {
  let factory = factories.get(body);
  if (factory === undefined) {
    if (factories.size >= MOST_FACTORIES) factories.clear();
    factory = new Function('constants', 'helpers', 'now', body) as Factory;
    factories.set(body, factory);
  }
  return factory;
}

const BOXES: Partial<Record<ValueType, string>> = { duration: 'DurationValue', time: 'TimeValue' };

class Generator {
  readonly constants = new ConstantPool();
  private readonly lines: string[] = [];
  private variables = 0;

  constructor(
    private readonly names: readonly string[],
    private readonly bindings: readonly Binding[],
  ) {}

  evaluator(type: ValueType, plan: Plan): string {
    const guards = guardsOf(this.bindings, this.names, this.constants);
    const value = this.expression(plan, 'state');
    const box = BOXES[type];
    const result = box === undefined ? value : `new ${box}(${value})`;
    return [
      `'use strict';`,
      `const { ${[...Object.keys(operatorHelpers), 'MISS', 'DurationValue', 'TimeValue'].join(', ')} } = helpers;`,
      this.constants.declaration,
      ...guards.declarations,
      'return (point, state, shared, results) => {',
      ...guards.statements,
      ...this.lines,
      `return ${result};`,
      '};',
    ].join('\n');
  }

  /** Emits what has to happen before, and returns the text of the value: a variable, a constant or a simple operation. */
  private expression(plan: Plan, state: string): string {
    switch (plan.kind) {
      case 'constant':
        return plan.value === undefined ? 'undefined' : this.constants.nameOf(plan.value);
      case 'reference':
        return `v${plan.index}`;
      case 'failure':
        this.lines.push(`throw ${this.constants.nameOf(new EvaluationError(plan.message))};`);
        return 'undefined';
      case 'nested':
        return this.expression(plan.body, `shared[${plan.state}]`);
      case 'unary': {
        const operand = this.expression(plan.operand, state);
        if (plan.operator === '!') return this.variable(`!${operand}`);
        return this.variable(plan.type === 'float' ? `-${operand}` : `BigInt.asIntN(64, -${operand})`);
      }
      case 'chain':
        return this.chain(plan, state);
      case 'call': {
        const context = plan.context === undefined ? [] : [plan.context === 'state' ? state : 'now'];
        const args = plan.args.map((arg) => this.expression(arg, state));
        const call = this.constants.nameOf(plan.call);
        return this.variable(`${call}(${[...context, ...args].join(', ')})`);
      }
    }
  }

  private chain({ first, steps }: Extract<Plan, { kind: 'chain' }>, state: string): string {
    let value = this.expression(first, state);
    for (const { operator, rule, right } of steps) {
      if (operator === 'other') {
        const operand = this.expression(right, state);
        const operands: Record<string, string> = { a: value, b: operand };
        value = this.variable(rule.code.replaceAll(/\b[ab]\b/g, (name) => operands[name]!));
        continue;
      }
      const result = `t${this.variables++}`;
      this.lines.push(`let ${result} = ${value};`, `if (${operator === 'AND' ? '' : '!'}${result}) {`);
      const operand = this.expression(right, state);
      this.lines.push(`${result} = ${operand};`, '}');
      value = result;
    }
    return value;
  }

  private variable(code: string): string {
    const name = `t${this.variables++}`;
    this.lines.push(`const ${name} = ${code};`);
    return name;
  }
}
