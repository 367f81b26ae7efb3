import type {
  BinaryOperator,
  Call,
  Chain,
  Comment,
  Expression,
  Identifier,
  Lambda,
  ListLiteral,
  Position,
  Program,
  Reference,
  Statement,
} from './ast';
import { decodeBytes } from './characters';
import { Lexer } from './lexer';
import { durationLiteral, numberLiteral, referenceName, regexLiteral, stringLiteral } from './literal';
import { ParseError } from './parse-error';
import { PRECEDENCE } from './precedence';
import type { Token, TokenKind } from './token';

/** How deep parentheses, unary operators, calls and chains within arguments may nest. */
export const MAX_NESTING = 500;

// `==` is named where a regex is meant: clients know the text.
const OPERAND = ['number', 'string', 'duration', 'identifier', 'TRUE', 'FALSE', '==', '(', '-', '!'];
const LIST_ITEM = ['identifier', 'string', '*'];
const SNIPPET_BYTES = 10;
const NEWLINE = 10;

/** Reads a script; stops at the first error with a ParseError. */
export function parse(text: string): Program {
  const parser = new Parser(text);
  const statements: Statement[] = [];
  while (!parser.atEnd) statements.push(parser.statement());
  return { kind: 'program', statements, ...parser.rest() };
}

/** Reads the text of a lambda, without `lambda:`. */
export function parseLambda(text: string): Lambda {
  const parser = new Parser(text);
  const position = parser.position;
  const expression = parser.primaryExpression();
  parser.expectEnd();
  return { kind: 'lambda', expression, position };
}

export class Parser {
  private ahead: Token;
  private depth = 0;
  private pending: (readonly string[])[] = [];
  private bytes: Uint8Array | undefined;

  constructor(
    private readonly text: string,
    private readonly lexer: Lexer = new Lexer(text),
  ) {
    this.ahead = lexer.next();
  }

  get atEnd(): boolean {
    return this.ahead.kind === 'EOF';
  }

  /** Where the next token starts. */
  get position(): Position {
    return this.ahead.position;
  }

  /** What stands after the last statement. */
  rest(): { comment?: Comment } {
    this.pending.push(...(this.ahead.comments ?? []));
    return this.takeComment();
  }

  expectEnd(): void {
    this.expect('EOF');
  }

  statement(): Statement {
    switch (this.ahead.kind) {
      case 'var':
        return this.declaration();
      case 'dbrp': {
        const { position } = this.advance();
        const comment = this.takeComment();
        const db = this.reference();
        this.expect('.');
        return { kind: 'dbrp', db, rp: this.reference(), position, ...comment };
      }
      default:
        return this.expression();
    }
  }

  private declaration(): Statement {
    const { position } = this.advance();
    const comment = this.takeComment();
    const name = this.identifier();
    if (this.ahead.kind === 'identifier') {
      return { kind: 'typeDeclaration', name, type: this.identifier(), position, ...comment };
    }
    this.expect('=');
    return { kind: 'declaration', name, value: this.expression(), position, ...comment };
  }

  private expression(): Expression {
    switch (this.ahead.kind) {
      case 'identifier': {
        const first = this.identifierOrCall('global');
        return this.isChainOperator() ? this.chain(first) : this.binary(first, 0);
      }
      case 'lambda': {
        const { position } = this.advance();
        const comment = this.takeComment();
        return { kind: 'lambda', expression: this.primaryExpression(), position, ...comment };
      }
      case '[':
        return this.list();
      default:
        return this.primaryExpression();
    }
  }

  private isChainOperator(): boolean {
    const { kind } = this.ahead;
    return kind === '|' || kind === '.' || kind === '@';
  }

  private chain(first: Expression): Expression {
    let left = first;
    while (this.isChainOperator()) {
      const { kind, position } = this.advance();
      const comment = this.takeComment();
      const operator = kind as Chain['operator'];
      const type = operator === '|' ? 'chain' : operator === '.' ? 'property' : 'dynamic';
      left = { kind: 'chain', operator, left, right: this.identifierOrCall(type), position, ...comment };
    }
    return left;
  }

  /** After `|` only a call will do. */
  private identifierOrCall(type: Call['type']): Call | Identifier {
    const identifier = this.identifier();
    if (this.ahead.kind === '(') return this.call(identifier, type, () => this.expression());
    if (type === 'chain') throw this.unexpected(['(']);
    return identifier;
  }

  private call(identifier: Identifier, type: Call['type'], argument: () => Expression): Call {
    this.enter();
    this.advance();
    const args: Expression[] = [];
    while (this.ahead.kind !== ')') {
      args.push(argument());
      if (this.ahead.kind !== ',') break;
      this.advance();
    }
    this.expect(')');
    this.depth--;
    const { name, position, comment } = identifier;
    const last = args.at(-1);
    const multiLine = last !== undefined && last.position.line > position.line;
    return { kind: 'call', name, type, args, multiLine, position, ...(comment && { comment }) };
  }

  private list(): ListLiteral {
    const { position } = this.advance();
    const comment = this.takeComment();
    const items: ListLiteral['items'][number][] = [];
    while (this.ahead.kind !== ']') {
      items.push(this.listItem());
      if (this.ahead.kind !== ',') break;
      this.advance();
    }
    this.expect(']');
    return { kind: 'list', items, position, ...comment };
  }

  private listItem(): ListLiteral['items'][number] {
    switch (this.ahead.kind) {
      case 'identifier':
        return this.identifier();
      case 'string': {
        const { text, position } = this.advance();
        return stringLiteral(text, { position, ...this.takeComment() });
      }
      case 'star': {
        const { position } = this.advance();
        return { kind: 'star', position, ...this.takeComment() };
      }
      default:
        throw this.unexpected(LIST_ITEM);
    }
  }

  primaryExpression(): Expression {
    return this.binary(this.primary(), 0);
  }

  /** Goes on after `left` with every operator of at least `minimum`. Left-associative, so a long row needs no recursion. */
  private binary(first: Expression, minimum: number): Expression {
    let left = first;
    for (;;) {
      const precedence = PRECEDENCE.get(this.ahead.kind);
      if (precedence === undefined || precedence < minimum) return left;
      const { kind, position } = this.advance();
      const comment = this.takeComment();
      const right = this.binary(this.primary(), precedence + 1);
      const multiLine = right.position.line > left.position.line;
      const operator = kind as BinaryOperator;
      left = { kind: 'binary', operator, left, right, parenthesised: false, multiLine, position, ...comment };
    }
  }

  private primary(): Expression {
    const { kind } = this.ahead;
    switch (kind) {
      case '(':
        return this.parenthesised();
      case '-':
      case '!': {
        this.enter();
        const { position } = this.advance();
        const comment = this.takeComment();
        const operand = this.primary();
        this.depth--;
        return { kind: 'unary', operator: kind, operand, position, ...comment };
      }
      case 'identifier': {
        const identifier = this.identifier();
        return this.ahead.kind === '(' ? this.call(identifier, 'global', () => this.primaryExpression()) : identifier;
      }
      case 'reference':
        return this.reference();
      case 'number':
      case 'duration':
      case 'string':
      case 'regex':
      case 'TRUE':
      case 'FALSE':
      case 'star':
        return this.literal(kind);
      default:
        throw this.unexpected(OPERAND);
    }
  }

  private literal(kind: 'number' | 'duration' | 'string' | 'regex' | 'TRUE' | 'FALSE' | 'star'): Expression {
    const { text, position } = this.advance();
    const place = { position, ...this.takeComment() };
    switch (kind) {
      case 'number':
        return numberLiteral(text, place);
      case 'duration':
        return durationLiteral(text, place);
      case 'string':
        return stringLiteral(text, place);
      case 'regex':
        return regexLiteral(text, place);
      case 'star':
        return { kind, ...place };
      default:
        return { kind: 'bool', value: kind === 'TRUE', ...place };
    }
  }

  /** Only an operation remembers its parentheses; a comment in front of them goes to what is inside. */
  private parenthesised(): Expression {
    this.enter();
    this.advance();
    const { comment } = this.takeComment();
    const inner = this.primaryExpression();
    this.expect(')');
    this.depth--;
    const groups = [...(comment?.groups ?? []), ...(inner.comment?.groups ?? [])];
    const commented = groups.length > 0 ? { ...inner, comment: { groups } } : inner;
    return commented.kind === 'binary' ? { ...commented, parenthesised: true } : commented;
  }

  private identifier(): Identifier {
    const { text, position } = this.expect('identifier');
    return { kind: 'identifier', name: text, position, ...this.takeComment() };
  }

  private reference(): Reference {
    const { text, position } = this.expect('reference');
    return { kind: 'reference', name: referenceName(text), position, ...this.takeComment() };
  }

  private advance(): Token {
    const token = this.ahead;
    if (token.comments) this.pending.push(...token.comments);
    this.ahead = this.lexer.next();
    return token;
  }

  /** What was said since the last token that could carry it. */
  private takeComment(): { comment?: Comment } {
    if (this.pending.length === 0) return {};
    const groups = this.pending;
    this.pending = [];
    return { comment: { groups } };
  }

  private expect(kind: TokenKind): Token {
    if (this.ahead.kind !== kind) throw this.unexpected([kind]);
    return this.advance();
  }

  private enter(): void {
    if (++this.depth <= MAX_NESTING) return;
    const { position, length } = this.ahead;
    const place = `line ${position.line} char ${position.char}`;
    throw new ParseError(`parser: expression nests deeper than ${MAX_NESTING} levels ${place}`, position, length);
  }

  private unexpected(expected: readonly string[]): ParseError {
    const { kind, text, position, length } = this.ahead;
    const what = kind === 'error' ? text : kind === 'star' ? '*' : kind;
    const list = expected.map((name) => `"${name}"`).join(',');
    return new ParseError(
      `parser: unexpected ${what} line ${position.line} char ${position.char} in "${this.snippet(position)}". expected: ${list}`,
      position,
      length,
    );
  }

  /** A few bytes around a token, none of another line. */
  private snippet({ offset, char }: Position): string {
    this.bytes ??= new TextEncoder().encode(this.text);
    const from = offset - Math.min(SNIPPET_BYTES, char - 1);
    let to = from;
    const limit = Math.min(offset + SNIPPET_BYTES, this.bytes.length);
    while (to < limit && (to < offset || this.bytes[to] !== NEWLINE)) to++;
    return decodeBytes(this.bytes.subarray(from, to));
  }
}
