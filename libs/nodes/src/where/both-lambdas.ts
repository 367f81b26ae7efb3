import type { Expression, Lambda } from '@supercap/tickscript';

function operand(expression: Expression): Expression {
  return expression.kind === 'binary' ? { ...expression, parenthesised: true } : expression;
}

/** The condition that two conditions hold: the one that came first is asked first. */
export function bothLambdas(first: Lambda | undefined, second: Lambda): Lambda {
  if (first === undefined) return second;
  return {
    kind: 'lambda',
    position: first.position,
    expression: {
      kind: 'binary',
      operator: 'AND',
      position: first.position,
      left: operand(first.expression),
      right: operand(second.expression),
      parenthesised: false,
      multiLine: false,
    },
  };
}
