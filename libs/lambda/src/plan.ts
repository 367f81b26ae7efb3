import type { Expression, UnaryOperator } from '@supercap/tickscript';
import { expressionText } from './expression-text';
import type { CallContext, Signature } from './functions/definition';
import type { Binding } from './binding';
import { isBoolean, type OperatorRule, operatorMismatch, operatorRule } from './operators';
import type { CallNode, ChainNode, Program, ProgramNode, UnaryNode } from './program';
import type { Operand, ValueType } from './value';

// What remains of a program once the types of its references are known: no type is looked at any more while it runs.

export type Plan =
  | { readonly kind: 'constant'; readonly value: Operand }
  | { readonly kind: 'reference'; readonly index: number }
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly type: ValueType; readonly operand: Plan }
  | { readonly kind: 'chain'; readonly first: Plan; readonly steps: readonly PlanStep[] }
  | {
      readonly kind: 'call';
      readonly call: Signature['call'];
      readonly context: CallContext | undefined;
      readonly args: readonly Plan[];
    }
  | { readonly kind: 'nested'; readonly state: number; readonly body: Plan }
  /** Evaluating it fails, always with the same text. */
  | { readonly kind: 'failure'; readonly message: string };

export interface PlanStep {
  readonly operator: 'AND' | 'OR' | 'other';
  readonly rule: OperatorRule;
  readonly right: Plan;
}

export interface TypedPlan {
  readonly type: ValueType;
  readonly plan: Plan;
}

/**
 * Types are looked up before anything is evaluated, except behind operators whose result is a boolean in any case:
 * there the look-up waits until that part is evaluated. `problem` is a look-up that fails.
 */
type Typed = { readonly type: ValueType; readonly plan: Plan } | { readonly problem: string };

const failure = (message: string): Plan => ({ kind: 'failure', message });

export function planFor(program: Program, bindings: readonly Binding[]): TypedPlan {
  for (const [i, { source }] of bindings.entries()) {
    if (source === 'collision') {
      const name = program.references[i];
      return { type: 'missing', plan: failure(`cannot have field and tags with same name "${name}"`) };
    }
  }
  const typed = new Planner(program, bindings).type(program.root);
  return 'problem' in typed ? { type: 'missing', plan: failure(typed.problem) } : typed;
}

class Planner {
  constructor(
    private readonly program: Program,
    private readonly bindings: readonly Binding[],
  ) {}

  type(node: ProgramNode): Typed {
    switch (node.kind) {
      case 'constant':
        return { type: node.type, plan: { kind: 'constant', value: node.value } };
      case 'reference': {
        const { type } = this.bindings[node.index]!;
        if (type === 'null') return { problem: `referenced value "${node.name}" is nil.` };
        if (type === 'missing') return { type: 'missing', plan: failure(`missing value: "${node.name}"`) };
        return { type, plan: { kind: 'reference', index: node.index } };
      }
      case 'unary':
        return this.unary(node);
      case 'chain':
        return this.chain(node);
      case 'call':
        return this.call(node);
      case 'nested': {
        const body = this.type(node.body);
        if ('problem' in body) return body;
        return { type: body.type, plan: { kind: 'nested', state: node.state, body: body.plan } };
      }
    }
  }

  private unary({ operator, operand }: UnaryNode): Typed {
    const typed = this.type(operand);
    if ('problem' in typed) return typed;
    const { type } = typed;
    if (type === 'missing') return { problem: `reference "${missingName(operand)}" is missing value` };
    const fits = operator === '!' ? type === 'boolean' : type === 'float' || type === 'int' || type === 'duration';
    if (!fits)
      return { problem: `invalid ${operator === '!' ? 'logical' : 'math'} operator ${operator} for type ${type}` };
    return { type, plan: { kind: 'unary', operator, type, operand: typed.plan } };
  }

  private chain(node: ChainNode): Typed {
    let left = this.type(node.first);
    let leftNode: ProgramNode | undefined = node.first;
    let first: Plan = 'problem' in left ? failure(left.problem) : left.plan;
    let steps: PlanStep[] = [];
    for (const { operator, right } of node.steps) {
      const rightTyped = this.type(right);
      const problem = operandProblem(left, leftNode, 'left') ?? operandProblem(rightTyped, right, 'right');
      const rule =
        problem !== undefined || 'problem' in left || 'problem' in rightTyped
          ? undefined
          : operatorRule(operator, left.type, rightTyped.type);
      if (rule !== undefined && !('problem' in rightTyped)) {
        steps.push({
          operator: operator === 'AND' || operator === 'OR' ? operator : 'other',
          rule,
          right: rightTyped.plan,
        });
        left = { type: rule.result, plan: first };
      } else {
        const message = problem ?? operatorMismatch(operator, (left as TypedPlan).type, (rightTyped as TypedPlan).type);
        // The operator fails before its left side is evaluated, so nothing of that remains.
        first = failure(message);
        steps = [];
        left = isBoolean(operator) ? { type: 'boolean', plan: first } : { problem: message };
      }
      leftNode = undefined;
    }
    if ('problem' in left) return left;
    return { type: left.type, plan: steps.length === 0 ? first : { kind: 'chain', first, steps } };
  }

  private call({ name, args, sources, definition }: CallNode): Typed {
    const types: ValueType[] = [];
    const plans: Plan[] = [];
    for (const arg of args) {
      const typed = this.type(arg);
      if ('problem' in typed) return typed;
      types.push(typed.type);
      plans.push(typed.type === 'missing' ? { kind: 'constant', value: undefined } : typed.plan);
    }
    if (definition === undefined) return { problem: `undefined function: "${name}"` };
    const found = definition.signatures.find(
      (signature) => signature.args.length === types.length && signature.args.every((type, i) => type === types[i]),
    );
    if (found !== undefined) {
      return { type: found.result, plan: { kind: 'call', call: found.call, context: found.context, args: plans } };
    }
    const absent = args.filter((_, i) => types[i] === 'missing').map((arg) => `"${missingName(arg)}"`);
    if (absent.length > 0) return { problem: this.missingArguments(name, absent) };
    return { problem: wrongArguments(name, types, sources, definition.signatures) };
  }

  private missingArguments(name: string, absent: readonly string[]): string {
    const inScope = this.program.references.filter((_, i) => this.bindings[i]!.type !== 'missing').map((n) => `"${n}"`);
    const [noun, verb] = absent.length === 1 ? ['argument', 'is'] : ['arguments', 'are'];
    return `Cannot call function "${name}" ${noun} ${absent.join(',')} ${verb} missing, values in scope are [${inScope.join(',')}]`;
  }
}

/** Why an operand of a binary operator cannot be one. */
function operandProblem(typed: Typed, node: ProgramNode | undefined, side: 'left' | 'right'): string | undefined {
  if ('problem' in typed) return typed.problem;
  if (typed.type !== 'missing' || node === undefined) return undefined;
  return `${side} reference value "${missingName(node)}" is missing value`;
}

/** Only a reference can be missing, within nothing but nested lambdas. */
function missingName(node: ProgramNode): string {
  let inner = node;
  while (inner.kind === 'nested') inner = inner.body;
  return inner.kind === 'reference' ? inner.name : '';
}

function wrongArguments(
  name: string,
  types: readonly ValueType[],
  sources: readonly Expression[],
  signatures: readonly Signature[],
): string {
  const given = types.map((type, i) => `${expressionText(sources[i]!)}: ${type}`).join(',');
  const available = signatures.map(({ args }) => `(${args.join(',')})`).join(',');
  return `Cannot call function "${name}" with args (${given}), available signatures are [${available}].`;
}
