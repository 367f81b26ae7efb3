import type { BinaryOperator } from '@supercap/tickscript';
import { divideDuration, divideInt, remainderInt, scaleDuration } from './integer';
import { compareBytes, concatenate } from './strings';
import type { Operand, ValueType } from './value';

/** What an operator does with operands of two types. */
export interface OperatorRule {
  readonly result: ValueType;
  /** JavaScript over `a` and `b`, and the helpers below by name. */
  readonly code: string;
  readonly apply: (a: Operand, b: Operand) => Operand;
}

/** What the code of rules may call. */
export const operatorHelpers = {
  divideInt,
  remainderInt,
  scaleDuration,
  divideDuration,
  compareBytes,
  concatenate,
} as const;

const COMPARISONS = new Set<BinaryOperator>(['==', '!=', '<', '<=', '>', '>=', '=~', '!~']);
export const isLogical = (operator: BinaryOperator) => operator === 'AND' || operator === 'OR';
/** The result of these is a boolean whatever the operands. */
export const isBoolean = (operator: BinaryOperator) => isLogical(operator) || COMPARISONS.has(operator);

type RuleSource = readonly [
  operator: BinaryOperator,
  left: ValueType,
  right: ValueType,
  result: ValueType,
  code: string,
];

const wrapped = (code: string) => `BigInt.asIntN(64, ${code})`;

function comparisons(left: ValueType, right: ValueType, code: (operator: string) => string): RuleSource[] {
  return (['<', '<=', '>', '>='] as const).map((operator) => [operator, left, right, 'boolean', code(operator)]);
}

function equalities(left: ValueType, right: ValueType, a = 'a', b = 'b'): RuleSource[] {
  return [
    ['==', left, right, 'boolean', `${a} === ${b}`],
    ['!=', left, right, 'boolean', `${a} !== ${b}`],
  ];
}

const SOURCES: readonly RuleSource[] = [
  // AND and OR are evaluated by control flow; their rules only say which types they take.
  ['AND', 'boolean', 'boolean', 'boolean', 'a && b'],
  ['OR', 'boolean', 'boolean', 'boolean', 'a || b'],

  ...equalities('boolean', 'boolean'),
  ...equalities('string', 'string'),
  ...equalities('duration', 'duration'),
  ...equalities('int', 'int'),
  ...equalities('float', 'float'),
  // Mixed numbers compare as floats.
  ...equalities('int', 'float', 'Number(a)'),
  ...equalities('float', 'int', 'a', 'Number(b)'),

  ...comparisons('string', 'string', (operator) => `compareBytes(a, b) ${operator} 0`),
  ...comparisons('duration', 'duration', (operator) => `a ${operator} b`),
  ...comparisons('int', 'int', (operator) => `a ${operator} b`),
  ...comparisons('float', 'float', (operator) => `a ${operator} b`),
  ...comparisons('int', 'float', (operator) => `Number(a) ${operator} b`),
  ...comparisons('float', 'int', (operator) => `a ${operator} Number(b)`),

  ['=~', 'string', 'regex', 'boolean', 'b.test(a)'],
  ['!~', 'string', 'regex', 'boolean', '!b.test(a)'],

  ['+', 'float', 'float', 'float', 'a + b'],
  ['-', 'float', 'float', 'float', 'a - b'],
  ['*', 'float', 'float', 'float', 'a * b'],
  ['/', 'float', 'float', 'float', 'a / b'],

  ['+', 'int', 'int', 'int', wrapped('a + b')],
  ['-', 'int', 'int', 'int', wrapped('a - b')],
  ['*', 'int', 'int', 'int', wrapped('a * b')],
  ['/', 'int', 'int', 'int', 'divideInt(a, b)'],
  ['%', 'int', 'int', 'int', 'remainderInt(a, b)'],

  ['+', 'duration', 'duration', 'duration', wrapped('a + b')],
  ['-', 'duration', 'duration', 'duration', wrapped('a - b')],
  ['*', 'duration', 'int', 'duration', wrapped('a * b')],
  ['*', 'int', 'duration', 'duration', wrapped('a * b')],
  ['*', 'duration', 'float', 'duration', 'scaleDuration(a, b)'],
  ['*', 'float', 'duration', 'duration', 'scaleDuration(b, a)'],
  ['/', 'duration', 'int', 'duration', 'divideInt(a, b)'],
  ['/', 'duration', 'float', 'duration', 'divideDuration(a, b)'],
  ['/', 'duration', 'duration', 'int', 'divideInt(a, b)'],

  ['+', 'string', 'string', 'string', 'concatenate(a, b)'],
];

const rules = new Map<string, OperatorRule>();
const leftTypes = new Set<string>();
for (const [operator, left, right, result, code] of SOURCES) {
  // The code is a constant of this file: no text of a user is ever in it.
  const make = new Function(...Object.keys(operatorHelpers), `return (a, b) => ${code};`);
  rules.set(`${left} ${operator} ${right}`, {
    result,
    code,
    apply: make(...Object.values(operatorHelpers)) as OperatorRule['apply'],
  });
  leftTypes.add(`${left} ${operator}`);
}

export function operatorRule(operator: BinaryOperator, left: ValueType, right: ValueType): OperatorRule | undefined {
  return rules.get(`${left} ${operator} ${right}`);
}

/** Why there is no rule for these types. */
export function operatorMismatch(operator: BinaryOperator, left: ValueType, right: ValueType): string {
  if (!leftTypes.has(`${left} ${operator}`)) {
    const kind = isLogical(operator) ? 'logical' : COMPARISONS.has(operator) ? 'comparison' : 'math';
    return `invalid ${kind} operator ${operator} for type ${left}`;
  }
  return (
    `mismatched type to binary operator. got ${left} ${operator} ${right}. ` +
    'see bool(), int(), float(), string(), duration()'
  );
}
