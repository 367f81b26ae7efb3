import { EvaluationError } from './errors';
import type { Now } from './functions/definition';
import { wrap } from './integer';
import type { Plan } from './plan';
import type { LambdaState } from './state';
import type { Operand } from './value';

/** What an evaluation reads beside its plan. */
export interface Frame {
  /** By number of the reference; durations and times are bare. */
  readonly values: readonly Operand[];
  readonly shared: readonly LambdaState[];
  readonly now: Now;
}

/** Walks a plan: for what is evaluated once, and for types that change too often to be worth compiling. */
export function interpret(plan: Plan, frame: Frame, state: LambdaState): Operand {
  switch (plan.kind) {
    case 'constant':
      return plan.value;
    case 'reference':
      return frame.values[plan.index];
    case 'failure':
      throw new EvaluationError(plan.message);
    case 'nested':
      return interpret(plan.body, frame, frame.shared[plan.state]!);
    case 'unary': {
      const value = interpret(plan.operand, frame, state);
      if (plan.operator === '!') return value !== true;
      return typeof value === 'bigint' ? wrap(-value) : -(value as number);
    }
    case 'chain': {
      let value = interpret(plan.first, frame, state);
      for (const { operator, rule, right } of plan.steps) {
        if (operator === 'AND' ? value === false : operator === 'OR' ? value === true : false) continue;
        value = rule.apply(value, interpret(right, frame, state));
      }
      return value;
    }
    case 'call': {
      const args: unknown[] = plan.args.map((arg) => interpret(arg, frame, state));
      if (plan.context !== undefined) args.unshift(plan.context === 'state' ? state : frame.now);
      return plan.call(...(args as never[]));
    }
  }
}
