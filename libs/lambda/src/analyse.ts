import type { BinaryOperator, Expression } from '@supercap/tickscript';
import { LambdaError } from './errors';
import { functionCatalog } from './functions/catalog';
import type { FunctionDefinition, Signature } from './functions/definition';
import { isBoolean, operatorMismatch, operatorRule } from './operators';
import type { ChainStep, Program, ProgramNode } from './program';
import { compileRegex } from './regex';
import type { ValueType } from './value';

/** A function that the caller of compileLambda provides; its signatures are added to those of the same name. */
export interface HostFunction {
  readonly signatures: readonly Signature[];
}

/** A name without quotes that stands for a value. */
export interface HostIdentifier {
  readonly type: ValueType;
  readonly value: bigint | number | string | boolean;
}

export interface Host {
  readonly functions?: Readonly<Record<string, HostFunction>>;
  readonly identifiers?: Readonly<Record<string, HostIdentifier>>;
}

/** Operators side by side do not nest; parentheses, arguments and unary operators do. */
const DEEPEST = 600;
const MOST_NODES = 50_000;

const goNodeTypes: Partial<Record<Expression['kind'], string>> = {
  star: '*ast.StarNode',
  list: '*ast.ListNode',
  chain: '*ast.ChainNode',
};

/** Turns the syntax tree into a program and checks what can be checked without a point. Throws LambdaError. */
export function analyse(expression: Expression, host: Host = {}): Program {
  const analysis = new Analysis(host);
  const root = analysis.build(expression, 0);
  const { references, nestedCount, stateful, volatile } = analysis;
  return { root, references: [...references.keys()], nestedCount, stateful, volatile };
}

class Analysis {
  readonly references = new Map<string, number>();
  nestedCount = 0;
  stateful = false;
  volatile = false;
  private nodes = 0;

  constructor(private readonly host: Host) {}

  build(expression: Expression, depth: number): ProgramNode {
    if (depth > DEEPEST) throw new LambdaError(`lambda expression is nested deeper than ${DEEPEST} levels`);
    if (++this.nodes > MOST_NODES) throw new LambdaError(`lambda expression has more than ${MOST_NODES} parts`);
    switch (expression.kind) {
      case 'number':
        return {
          kind: 'constant',
          type: typeof expression.value === 'bigint' ? 'int' : 'float',
          value: expression.value,
        };
      case 'duration':
        return { kind: 'constant', type: 'duration', value: expression.ns };
      case 'bool':
        return { kind: 'constant', type: 'boolean', value: expression.value };
      case 'string':
        return { kind: 'constant', type: 'string', value: expression.value };
      case 'regex':
        return { kind: 'constant', type: 'regex', value: regexOf(expression.pattern) };
      case 'reference':
        return { kind: 'reference', name: expression.name, index: this.referenceIndex(expression.name) };
      case 'identifier':
        return this.identifier(expression.name);
      case 'unary': {
        const operand = within('Failed to handle node: ', () => this.build(expression.operand, depth + 1));
        return { kind: 'unary', operator: expression.operator, operand };
      }
      case 'binary':
        return this.chain(expression, depth);
      case 'call':
        return this.call(expression.name, expression.args, depth);
      case 'lambda': {
        const state = this.nestedCount++;
        return { kind: 'nested', state, body: this.build(expression.expression, depth + 1) };
      }
      default:
        throw new LambdaError(`Given node type is not valid evaluation node: ${goNodeTypes[expression.kind]}`);
    }
  }

  private referenceIndex(name: string): number {
    let index = this.references.get(name);
    if (index === undefined) {
      index = this.references.size;
      this.references.set(name, index);
    }
    return index;
  }

  private identifier(name: string): ProgramNode {
    const { identifiers } = this.host;
    if (identifiers === undefined || !Object.hasOwn(identifiers, name)) {
      throw new LambdaError(`unknown identifier ${JSON.stringify(name)}`);
    }
    const { type, value } = identifiers[name]!;
    return { kind: 'constant', type, value };
  }

  private chain(top: Extract<Expression, { kind: 'binary' }>, depth: number): ProgramNode {
    const spine: (typeof top)[] = [];
    let left: Expression = top;
    for (; left.kind === 'binary'; left = left.left) spine.push(left);
    spine.reverse();
    // What is wrong with the operand or operator at a place of the chain is, to all operators after it, on their left.
    const onTheLeft = (count: number) => 'Failed to handle left node: '.repeat(count);

    const leftmost = left;
    const first = within(onTheLeft(spine.length), () => this.build(leftmost, depth + 1));
    const steps: ChainStep[] = [];
    let type = constantType(first);
    spine.forEach(({ operator, right }, i) => {
      const after = spine.length - 1 - i;
      const operand = within(`${onTheLeft(after)}Failed to handle right node: `, () => this.build(right, depth + 1));
      type = within(onTheLeft(after), () => resultType(operator, type, constantType(operand)));
      steps.push({ operator, right: operand });
    });
    return { kind: 'chain', first, steps };
  }

  private call(name: string, args: readonly Expression[], depth: number): ProgramNode {
    const definition = this.definition(name);
    if (definition?.signatures.some(({ context }) => context === 'state') === true) this.stateful = true;
    if (definition?.volatile === true) this.volatile = true;
    return {
      kind: 'call',
      name,
      args: args.map((arg, i) => within(`Failed to handle ${i + 1} argument: `, () => this.build(arg, depth + 1))),
      sources: args,
      definition,
    };
  }

  private definition(name: string): FunctionDefinition | undefined {
    const known = functionCatalog.get(name);
    const { functions } = this.host;
    if (functions === undefined || !Object.hasOwn(functions, name)) return known;
    const { signatures } = functions[name]!;
    if (known === undefined) return { name, theme: 'misc', summary: '', signatures, volatile: true };
    return { ...known, signatures: [...known.signatures, ...signatures], volatile: true };
  }
}

/** The type that does not depend on the point; undefined if it does. */
function constantType(node: ProgramNode): ValueType | undefined {
  switch (node.kind) {
    case 'constant':
      return node.type;
    case 'unary':
      return constantType(node.operand);
    case 'chain': {
      let type = constantType(node.first);
      for (const { operator, right } of node.steps) type = resultType(operator, type, constantType(right));
      return type;
    }
    case 'nested':
      return constantType(node.body);
    default:
      return undefined;
  }
}

function resultType(
  operator: BinaryOperator,
  left: ValueType | undefined,
  right: ValueType | undefined,
): ValueType | undefined {
  if (left !== undefined && right !== undefined) {
    const rule = operatorRule(operator, left, right);
    if (rule === undefined) throw new LambdaError(operatorMismatch(operator, left, right));
    return rule.result;
  }
  return isBoolean(operator) ? 'boolean' : undefined;
}

function regexOf(pattern: string) {
  try {
    return compileRegex(pattern);
  } catch (error) {
    throw new LambdaError(error instanceof Error ? error.message : String(error));
  }
}

/** Says where in the expression the problem is. */
function within<T>(prefix: string, build: () => T): T {
  try {
    return build();
  } catch (error) {
    if (error instanceof LambdaError && prefix !== '') throw new LambdaError(prefix + error.message);
    throw error;
  }
}
