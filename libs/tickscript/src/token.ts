import type { Position } from './ast';

/** Kinds are named as error texts name them; `star` is the literal, `*` the multiplication. */
export type TokenKind =
  | 'EOF'
  | 'error'
  | 'identifier'
  | 'reference'
  | 'string'
  | 'number'
  | 'duration'
  | 'regex'
  | 'star'
  | 'lambda'
  | 'var'
  | 'dbrp'
  | 'TRUE'
  | 'FALSE'
  | '='
  | '.'
  | '|'
  | '@'
  | '('
  | ')'
  | '['
  | ']'
  | ','
  | '!'
  | BinaryTokenKind;

export type BinaryTokenKind =
  '+' | '-' | '*' | '/' | '%' | '==' | '!=' | '<' | '>' | '<=' | '>=' | '=~' | '!~' | 'AND' | 'OR';

export interface Token {
  readonly kind: TokenKind;
  /** The source text; of an error token, what is wrong. */
  readonly text: string;
  readonly position: Position;
  /** Bytes. */
  readonly length: number;
  /** Groups of comment lines in front of it. */
  readonly comments: readonly (readonly string[])[] | undefined;
}
