// The syntax tree of a TICKscript: plain data, positions included, so that it can be compared, stored and sent.

/** Where a node stands. `offset` counts bytes of UTF-8, `line` and `char` (bytes) start at 1. */
export interface Position {
  readonly offset: number;
  readonly line: number;
  readonly char: number;
}

/** A comment: groups of lines, an empty line between groups. */
export interface Comment {
  readonly groups: readonly (readonly string[])[];
}

interface Base {
  readonly position: Position;
  readonly comment?: Comment;
}

export interface NumberLiteral extends Base {
  readonly kind: 'number';
  /** bigint for an int, number for a float. */
  readonly value: bigint | number;
  /** 8 when written as octal. */
  readonly base?: 8 | 10;
}

export interface DurationLiteral extends Base {
  readonly kind: 'duration';
  readonly ns: bigint;
  /** As written; absent on one that a computation made. */
  readonly text?: string;
}

export interface BoolLiteral extends Base {
  readonly kind: 'bool';
  readonly value: boolean;
}

export interface StringLiteral extends Base {
  readonly kind: 'string';
  readonly value: string;
  readonly tripleQuoted: boolean;
}

export interface RegexLiteral extends Base {
  readonly kind: 'regex';
  /** The pattern with `\/` already read as `/`; RE2 syntax. */
  readonly pattern: string;
}

export interface StarLiteral extends Base {
  readonly kind: 'star';
}

export interface ListLiteral extends Base {
  readonly kind: 'list';
  readonly items: readonly (StringLiteral | Identifier | StarLiteral)[];
}

/** `"name"`: a field, a tag or the time of the current point. */
export interface Reference extends Base {
  readonly kind: 'reference';
  readonly name: string;
}

export interface Identifier extends Base {
  readonly kind: 'identifier';
  readonly name: string;
}

export type UnaryOperator = '-' | '!';
export type BinaryOperator =
  'OR' | 'AND' | '==' | '!=' | '=~' | '!~' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '%';

export interface Unary extends Base {
  readonly kind: 'unary';
  readonly operator: UnaryOperator;
  readonly operand: Expression;
}

/** Positioned at its operator. */
export interface Binary extends Base {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
  readonly parenthesised: boolean;
  /** A newline stood between its operands: the formatter keeps it. */
  readonly multiLine: boolean;
}

export interface Call extends Base {
  readonly kind: 'call';
  readonly name: string;
  /** How it is called: `|`, `.`, `@`, or by its bare name. */
  readonly type: 'global' | 'chain' | 'property' | 'dynamic';
  readonly args: readonly Expression[];
  readonly multiLine: boolean;
}

export interface Lambda extends Base {
  readonly kind: 'lambda';
  readonly expression: Expression;
}

/** Positioned at its operator. */
export interface Chain extends Base {
  readonly kind: 'chain';
  readonly operator: '|' | '.' | '@';
  readonly left: Expression;
  readonly right: Call | Identifier;
}

export type Literal =
  NumberLiteral | DurationLiteral | BoolLiteral | StringLiteral | RegexLiteral | StarLiteral | ListLiteral;

export type Expression = Literal | Reference | Identifier | Unary | Binary | Call | Lambda | Chain;

export interface Declaration extends Base {
  readonly kind: 'declaration';
  readonly name: Identifier;
  readonly value: Expression;
}

export interface TypeDeclaration extends Base {
  readonly kind: 'typeDeclaration';
  readonly name: Identifier;
  readonly type: Identifier;
}

export interface DbrpStatement extends Base {
  readonly kind: 'dbrp';
  readonly db: Reference;
  readonly rp: Reference;
}

export type Statement = Declaration | TypeDeclaration | DbrpStatement | Expression;

export interface Program {
  readonly kind: 'program';
  readonly statements: readonly Statement[];
  /** What stands after the last statement. */
  readonly comment?: Comment;
}
