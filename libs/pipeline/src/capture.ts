import { DurationValue } from '@supercap/data-model';
import {
  type Expression,
  type Identifier,
  type Lambda,
  type ListLiteral,
  type Literal,
  literal,
  mapExpression,
  type Position,
} from '@supercap/tickscript';
import { ScriptError } from './errors';
import { goTypeOfValue, isList, type SyntaxNames, Unknowable, type Value } from './values';

/** Thrown when an expression uses a var whose own statement is in error. */
export class UnknowableUsed extends Error {}

/**
 * Lambdas that capture lambdas can double with every statement, so what an expression may grow to is bounded: far above
 * what anybody writes.
 */
const SIZE_LIMIT = 100_000;
const DEPTH_LIMIT = 600;

interface Weight {
  /** Nodes, with those of captured lambdas. */
  readonly size: number;
  /** How deep it nests, with captured lambdas. A row of operators is one level. */
  readonly depth: number;
}
const weights = new WeakMap<Expression, Weight>();

/** How many nodes a lambda that has been captured or evaluated comes to. */
export function sizeOf(lambda: Lambda): number {
  return weights.get(lambda)?.size ?? 1;
}

/**
 * The expression with every identifier replaced by its value: lambdas capture by value. A captured lambda stays a unit
 * of its own (it keeps its own state), so it becomes a nested lambda.
 */
export function capture<E extends Expression>(
  expression: E,
  lookup: (identifier: Identifier) => Value,
  syntax: SyntaxNames,
): E {
  const result = mapExpression(expression, (identifier) => literalOf(lookup(identifier), identifier.position, syntax));
  weigh(result);
  // Replacing identifiers keeps the kind of everything that is not one itself.
  return result as E;
}

function weigh(expression: Expression): void {
  if (weights.has(expression)) return;
  const weight = measure(expression);
  if (weight.size > SIZE_LIMIT || weight.depth > DEPTH_LIMIT) {
    throw new ScriptError('evaluation', 'the expression becomes too large with what it captures', {
      position: expression.position,
    });
  }
  weights.set(expression, weight);
}

function measure(root: Expression): Weight {
  let size = 0;
  let depth = 0;
  const descend = (start: Expression, startLevel: number): void => {
    let node = start;
    let level = startLevel;
    for (;;) {
      const known = weights.get(node);
      size += known?.size ?? 1;
      depth = Math.max(depth, level + (known?.depth ?? 0));
      if (known) return;
      switch (node.kind) {
        case 'binary':
          descend(node.right, level + 1);
          node = node.left;
          break;
        case 'unary':
          node = node.operand;
          level++;
          break;
        case 'lambda':
          node = node.expression;
          level++;
          break;
        case 'call':
          for (const argument of node.args) descend(argument, level + 1);
          return;
        default:
          if (node.kind === 'list') size += node.items.length;
          return;
      }
    }
  };
  descend(root, 0);
  return { size, depth };
}

/** A value as syntax. Throws for what cannot stand in an expression, e.g. a node. */
function literalOf(value: Value, position: Position, syntax: SyntaxNames): Literal | Lambda {
  switch (typeof value) {
    case 'bigint':
      return literal.int(value, position);
    case 'number':
      return literal.float(value, position);
    case 'string':
      return literal.string(value, position);
    case 'boolean':
      return literal.bool(value, position);
  }
  if (value instanceof DurationValue) return literal.duration(value.ns, position);
  if (value instanceof Unknowable) throw new UnknowableUsed();
  if (isList(value)) {
    const items = value.map((item) => literalOf(item, position, syntax)) as ListLiteral['items'];
    return literal.list(items, position);
  }
  if ('kind' in value) {
    if (value.kind === 'lambda') return value;
    if (value.kind === 'regex') return literal.regex(value.pattern, position);
    if (value.kind === 'star') return literal.star(position);
  }
  throw new ScriptError('evaluation', `unsupported literal type ${goTypeOfValue(value, syntax)}`, { position });
}
