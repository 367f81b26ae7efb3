import type { Position } from './ast';
import { isDigit, isSpace, quoteCharacter, utf8Length } from './characters';
import type { Token, TokenKind } from './token';

const IDENTIFIER = /\p{L}[\p{L}\p{Nd}_]*/uy;
const DIGITS = /\p{Nd}+/uy;
const KEYWORDS: ReadonlySet<string> = new Set(['AND', 'OR', 'TRUE', 'FALSE', 'var', 'dbrp']);
const PUNCTUATION = '.|@()[],';
const NEWLINE = 10;

/** Thrown within the lexer only, to leave a half-read token. */
class LexicalError extends Error {}

/**
 * Cuts a script into tokens, one at a time. What `/`, `*` and `!` mean depends on what stands before: after an operand the
 * lexer first looks for an infix operator, anywhere else for an operand.
 */
export class Lexer {
  private index: number;
  private afterOperand = false;
  private regexNext = false;
  private comments: string[][] | undefined;
  private failed: Token | undefined;
  // Positions are counted up from the last token, so that a script is measured once.
  private measured: number;
  private offset: number;
  private line: number;
  private lineOffset: number;
  private newline: number;
  private readonly ascii: boolean;

  /** `start` resumes at the beginning of a line (an index into `text`), whose position is `at`. */
  constructor(
    private readonly text: string,
    start = 0,
    at: Position = { offset: 0, line: 1, char: 1 },
  ) {
    this.index = start;
    this.measured = start;
    this.offset = at.offset;
    this.line = at.line;
    this.lineOffset = at.offset - at.char + 1;
    this.ascii = !/[^\x00-\x7f]/.test(text);
    this.newline = this.newlineFrom(start);
  }

  /** The next token; after the first lexical error, that error for ever. */
  next(): Token {
    if (this.failed) return this.failed;
    this.comments = undefined;
    if (this.afterOperand) {
      this.skipSpaces();
      const start = this.index;
      const operator = this.infixOperator();
      if (operator !== undefined) {
        this.afterOperand = false;
        return this.token(operator, start);
      }
      this.afterOperand = false;
    }
    this.skipSpacesAndComments();
    const start = this.index;
    try {
      return this.token(this.operand(), start);
    } catch (error) {
      if (!(error instanceof LexicalError)) throw error;
      this.index = Math.max(this.index, start + 1);
      this.failed = { ...this.token('error', start), text: error.message };
      return this.failed;
    }
  }

  private token(kind: TokenKind, start: number): Token {
    const position = this.positionOf(start);
    const length = this.bytesTo(this.index);
    return { kind, text: this.text.slice(start, this.index), position, length, comments: this.comments };
  }

  private bytesTo(end: number): number {
    return this.ascii ? end - this.measured : utf8Length(this.text, this.measured, end);
  }

  private newlineFrom(index: number): number {
    const newline = this.text.indexOf('\n', index);
    return newline === -1 ? Infinity : newline;
  }

  private positionOf(start: number): Position {
    while (this.newline < start) {
      this.offset += this.bytesTo(this.newline + 1);
      this.measured = this.newline + 1;
      this.line++;
      this.lineOffset = this.offset;
      this.newline = this.newlineFrom(this.measured);
    }
    this.offset += this.bytesTo(start);
    this.measured = start;
    return { offset: this.offset, line: this.line, char: this.offset - this.lineOffset + 1 };
  }

  private infixOperator(): TokenKind | undefined {
    const c = this.text[this.index];
    const following = this.text[this.index + 1];
    switch (c) {
      case '+':
      case '-':
      case '*':
      case '%':
        this.index++;
        return c;
      case '/':
        // Two slashes are a comment.
        if (following === '/') return undefined;
        this.index++;
        return c;
      case '<':
      case '>':
        this.index += following === '=' ? 2 : 1;
        return following === '=' ? `${c}=` : c;
      case '=':
        if (following === '=') {
          this.index += 2;
          return '==';
        }
        this.index += following === '~' ? 2 : 1;
        this.regexNext = true;
        return following === '~' ? '=~' : '=';
      case '!':
        if (following === '~') this.regexNext = true;
        this.index += following === '=' || following === '~' ? 2 : 1;
        return following === '=' ? '!=' : following === '~' ? '!~' : '!';
      default:
        return undefined;
    }
  }

  private operand(): TokenKind {
    const { text } = this;
    if (this.index >= text.length) return 'EOF';
    const c = text[this.index]!;
    if (isDigit(text.charCodeAt(this.index))) return this.number();
    if (c === '.' && this.digitsAt(this.index + 1)) return this.number();
    if (PUNCTUATION.includes(c)) {
      this.index++;
      this.afterOperand = c === ')';
      return c as TokenKind;
    }
    switch (c) {
      case "'":
        return this.string();
      case '"':
        this.quoted('"', 'unterminated field reference');
        this.afterOperand = true;
        return 'reference';
      case '/':
        this.quoted('/', 'unterminated regex');
        return 'regex';
      case '*':
        this.index++;
        return 'star';
      case '-':
      case '!':
        this.index++;
        return c;
      default:
        return this.word();
    }
  }

  private word(): TokenKind {
    const { text } = this;
    IDENTIFIER.lastIndex = this.index;
    const word = IDENTIFIER.exec(text)?.[0];
    if (word === undefined) {
      if (this.digitsAt(this.index)) return this.number();
      throw new LexicalError(
        `unknown state, last char: ${quoteCharacter(String.fromCodePoint(text.codePointAt(this.index)!))}`,
      );
    }
    this.index += word.length;
    this.afterOperand = true;
    if (word === 'lambda' && text[this.index] === ':') {
      this.index++;
      return 'lambda';
    }
    return KEYWORDS.has(word) ? (word as TokenKind) : 'identifier';
  }

  private digitsAt(index: number): boolean {
    if (isDigit(this.text.charCodeAt(index))) return true;
    DIGITS.lastIndex = index;
    return DIGITS.test(this.text);
  }

  private skipDigits(): void {
    DIGITS.lastIndex = this.index;
    if (DIGITS.test(this.text)) this.index = DIGITS.lastIndex;
  }

  private number(): TokenKind {
    const { text } = this;
    this.afterOperand = true;
    this.skipDigits();
    if (text[this.index] === '.') {
      this.index++;
      this.skipDigits();
      if (text[this.index] === '.') throw new LexicalError('multiple decimals in number');
      return 'number';
    }
    switch (text[this.index]) {
      case 'm':
        this.index += text[this.index + 1] === 's' ? 2 : 1;
        return 'duration';
      case 'u':
      case 'µ':
      case 's':
      case 'h':
      case 'd':
      case 'w':
        this.index++;
        return 'duration';
      default:
        return 'number';
    }
  }

  private string(): TokenKind {
    const { text } = this;
    this.afterOperand = true;
    if (text.startsWith("'''", this.index)) {
      const end = text.indexOf("'''", this.index + 3);
      if (end === -1) throw new LexicalError('unterminated string');
      this.index = end + 3;
      return 'string';
    }
    this.quoted("'", 'unterminated string');
    return 'string';
  }

  /** Up to the next quote that has no backslash before it. */
  private quoted(quote: string, unterminated: string): void {
    const { text } = this;
    let end = text.indexOf(quote, this.index + 1);
    while (end !== -1 && text[end - 1] === '\\') end = text.indexOf(quote, end + 1);
    if (end === -1) throw new LexicalError(unterminated);
    this.index = end + 1;
  }

  private skipSpaces(): void {
    while (this.index < this.text.length && isSpace(this.text.charCodeAt(this.index))) this.index++;
  }

  private skipSpacesAndComments(): void {
    this.skipSpaces();
    // After `=`, `=~` and `!~` a slash is a regex, whatever follows it.
    const comments = !this.regexNext;
    this.regexNext = false;
    while (comments && this.text.startsWith('//', this.index)) {
      (this.comments ??= []).push(this.commentGroup());
      this.skipSpaces();
    }
  }

  /** Comment lines with no empty line between them. Lines that say nothing are left out, unless all are so. */
  private commentGroup(): string[] {
    const { text } = this;
    const lines: string[] = [];
    do {
      const newline = text.indexOf('\n', this.index);
      const end = newline === -1 ? text.length : newline;
      const line = text.slice(this.index, end).trim().slice(2);
      lines.push(line.startsWith(' ') ? line.slice(1) : line);
      this.index = end;
      if (newline === -1) break;
      this.index++;
      while (
        this.index < text.length &&
        text.charCodeAt(this.index) !== NEWLINE &&
        isSpace(text.charCodeAt(this.index))
      ) {
        this.index++;
      }
    } while (text.startsWith('//', this.index));
    const saying = lines.filter((line) => line !== '');
    return saying.length > 0 ? saying : [''];
  }
}
