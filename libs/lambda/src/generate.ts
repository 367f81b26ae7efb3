import { DurationValue, type Point, TimeValue } from '@supercap/data-model';
import type { Binding, Results } from './binding';
import { EvaluationError } from './errors';
import type { Now } from './functions/definition';
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
  const body = generator.evaluator(type, plan);
  const make = new Function('constants', 'helpers', 'now', body) as (
    constants: readonly unknown[],
    helpers: object,
    now: Now,
  ) => Evaluator;
  return make(generator.constants, { ...operatorHelpers, MISS, DurationValue, TimeValue }, now);
}

const BARE: Partial<Record<ValueType, string>> = {
  float: 'number',
  int: 'bigint',
  string: 'string',
  boolean: 'boolean',
};
const BOXES: Partial<Record<ValueType, string>> = { duration: 'DurationValue', time: 'TimeValue' };

class Generator {
  readonly constants: unknown[] = [];
  private readonly numbers = new Map<unknown, string>();
  private readonly lines: string[] = [];
  private variables = 0;

  constructor(
    private readonly names: readonly string[],
    private readonly bindings: readonly Binding[],
  ) {}

  evaluator(type: ValueType, plan: Plan): string {
    const guards = this.guards();
    const value = this.expression(plan, 'state');
    const box = BOXES[type];
    const result = box === undefined ? value : `new ${box}(${value})`;
    const declared = this.constants.map((_, i) => `c${i} = constants[${i}]`);
    return [
      `'use strict';`,
      `const { ${[...Object.keys(operatorHelpers), 'MISS', 'DurationValue', 'TimeValue'].join(', ')} } = helpers;`,
      declared.length > 0 ? `const ${declared.join(', ')};` : '',
      ...guards.declarations,
      'return (point, state, shared, results) => {',
      ...guards.checks,
      ...this.lines,
      `return ${result};`,
      '};',
    ].join('\n');
  }

  /** The name of a value in the list of constants. */
  private constant(value: unknown): string {
    // Equal numbers of two kinds (0 and -0, or NaN) must not be taken for one.
    const key =
      typeof value === 'number'
        ? `number ${Object.is(value, -0) ? '-0' : value}`
        : typeof value === 'string'
          ? `string ${value}`
          : value;
    let name = this.numbers.get(key);
    if (name === undefined) {
      name = `c${this.constants.length}`;
      this.constants.push(value);
      this.numbers.set(key, name);
    }
    return name;
  }

  private guards(): { declarations: string[]; checks: string[] } {
    const declarations: string[] = [];
    const slots: string[] = [];
    const resultSlots: string[] = [];
    const checks: string[] = [];
    this.bindings.forEach(({ source, type }, i) => {
      const name = this.constant(this.names[i]);
      const miss = (condition: string) => checks.push(`if (${condition}) return MISS;`);
      const typed = (read: string) => {
        checks.push(`${BOXES[type as ValueType] === undefined ? 'const' : 'let'} v${i} = ${read};`);
        const bare = BARE[type as ValueType];
        const box = BOXES[type as ValueType];
        if (bare !== undefined) miss(`typeof v${i} !== '${bare}'`);
        else if (box === undefined) miss(`v${i} !== null`);
        else {
          miss(`!(v${i} instanceof ${box})`);
          checks.push(`v${i} = v${i}.ns;`);
        }
      };
      switch (source) {
        case 'time':
          checks.push(`const v${i} = point.time;`);
          break;
        case 'field':
          declarations.push(`let s${i} = 0;`);
          slots.push(`if ((s${i} = layout.slot(${name})) < 0) return MISS;`);
          typed(`values[s${i}]`);
          miss(`tags.get(${name}) !== undefined`);
          break;
        case 'tag':
          slots.push(`if (layout.slot(${name}) >= 0) return MISS;`);
          checks.push(`const v${i} = tags.get(${name});`);
          miss(`v${i} === undefined`);
          break;
        case 'result':
          slots.push(`if (layout.slot(${name}) >= 0) return MISS;`);
          declarations.push(`let r${i} = 0;`);
          resultSlots.push(`if ((r${i} = results.layout.slot(${name})) < 0) return MISS;`);
          miss(`tags.get(${name}) !== undefined`);
          typed(`results.values[r${i}]`);
          break;
        case 'none':
          if (type === 'collision') {
            slots.push(`if (layout.slot(${name}) < 0) return MISS;`);
            miss(`tags.get(${name}) === undefined`);
          } else {
            slots.push(`if (layout.slot(${name}) >= 0) return MISS;`);
            miss(`tags.get(${name}) !== undefined`);
            declarations.push(`let r${i} = -1;`);
            resultSlots.push(`r${i} = results === undefined ? -1 : results.layout.slot(${name});`);
            miss(`r${i} >= 0 && results.values[r${i}] !== undefined`);
          }
      }
    });
    const opening: string[] = ['const { layout, values, tags } = point;'];
    if (resultSlots.length > 0) {
      const needed = this.bindings.some(({ source }) => source === 'result');
      declarations.push('let resultLayout = null;');
      if (needed) opening.push('if (results === undefined) return MISS;');
      opening.push(
        `const ofResults = results === undefined ? undefined : results.layout;`,
        `if (ofResults !== resultLayout) { resultLayout = null; ${resultSlots.join(' ')} resultLayout = ofResults; }`,
      );
    }
    if (slots.length > 0) {
      declarations.push('let known = null;');
      opening.push(`if (layout !== known) { known = null; ${slots.join(' ')} known = layout; }`);
    }
    return { declarations, checks: [...opening, ...checks] };
  }

  /** Emits what has to happen before, and returns the text of the value: a variable, a constant or a simple operation. */
  private expression(plan: Plan, state: string): string {
    switch (plan.kind) {
      case 'constant':
        return plan.value === undefined ? 'undefined' : this.constant(plan.value);
      case 'reference':
        return `v${plan.index}`;
      case 'failure':
        this.lines.push(`throw ${this.constant(new EvaluationError(plan.message))};`);
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
        const call = this.constant(plan.call);
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
