import type { Expression } from '@supercap/tickscript';
import { isBoolean } from './operators';

export interface TagEquality {
  readonly tag: string;
  readonly value: string;
  /** Nothing else is asked: with this value of the tag the expression is true. */
  readonly whole: boolean;
}

/**
 * The tag that decides an expression of the form `"tag" == 'value' AND …`: a series with another value of it cannot
 * satisfy the expression, and evaluating that cannot fail either, as long as no field has the name. Only the part that is evaluated first counts,
 * and only if the types of the others are not looked up before it: what comes later may fail, and that must be seen.
 */
export function findTagEquality(expression: Expression): TagEquality | undefined {
  let first = expression;
  while (first.kind === 'binary' && first.operator === 'AND') {
    if (!hasBooleanType(first.right)) return undefined;
    first = first.left;
  }
  if (first.kind !== 'binary' || first.operator !== '==') return undefined;
  const { left, right } = first;
  const [reference, literal] = left.kind === 'reference' ? [left, right] : [right, left];
  if (reference.kind !== 'reference' || literal.kind !== 'string' || reference.name === 'time') return undefined;
  return { tag: reference.name, value: literal.value, whole: first === expression };
}

function hasBooleanType(expression: Expression): boolean {
  return expression.kind === 'bool' || (expression.kind === 'binary' && isBoolean(expression.operator));
}
