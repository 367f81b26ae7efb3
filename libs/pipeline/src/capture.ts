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
 * Lambdas that capture lambdas can double with every statement, so what one expression captures is bounded. Far above
 * what anybody writes.
 */
const CAPTURE_LIMIT = 20_000;
const captured = new WeakMap<Expression, number>();

/**
 * The expression with every identifier replaced by its value: lambdas capture by value. A captured lambda stays a unit
 * of its own (it keeps its own state), so it becomes a nested lambda.
 */
export function capture<E extends Expression>(
  expression: E,
  lookup: (identifier: Identifier) => Value,
  syntax: SyntaxNames,
): E {
  let size = 0;
  const result = mapExpression(expression, (identifier) => {
    const replacement = literalOf(lookup(identifier), identifier.position, syntax);
    size += 1 + (captured.get(replacement) ?? 0);
    if (size > CAPTURE_LIMIT) {
      throw new ScriptError('evaluation', `the expression becomes too large, it captures more than ${CAPTURE_LIMIT} values`, {
        position: identifier.position,
      });
    }
    return replacement;
  });
  if (size > 0) captured.set(result, size);
  // Replacing identifiers keeps the kind of everything that is not one itself.
  return result as E;
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
