import type { BinaryOperator } from './ast';
import type { TokenKind } from './token';

/** The higher, the tighter. All operators associate to the left. */
export const PRECEDENCE: ReadonlyMap<TokenKind, number> = new Map<BinaryOperator, number>([
  ['OR', 0],
  ['AND', 1],
  ['==', 2],
  ['!=', 2],
  ['=~', 2],
  ['!~', 2],
  ['<', 3],
  ['<=', 3],
  ['>', 3],
  ['>=', 3],
  ['+', 4],
  ['-', 4],
  ['*', 5],
  ['/', 5],
  ['%', 5],
]);
