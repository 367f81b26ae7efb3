import { type Expression, formatExpression } from '@supercap/tickscript';

const LONGEST = 200;

/** An argument as error texts show it: strings without quotes, all else as in a script. */
export function expressionText(expression: Expression): string {
  const text = expression.kind === 'string' ? expression.value : formatExpression(expression);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
