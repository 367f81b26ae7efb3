import { Scanner, type Token } from './scanner';

const DEEPEST = 200;

/** A place in a text, and what every part of the parser does there. */
export class TokenCursor {
  private readonly scanner: Scanner;
  private at = 0;
  private depth = 0;
  private known: { readonly regex: boolean; readonly token: Token } | undefined;

  constructor(text: string) {
    this.scanner = new Scanner(text);
  }

  peek(regex = false): Token {
    if (this.known === undefined || this.known.regex !== regex) {
      this.known = { regex, token: this.scanner.tokenAt(this.at, regex) };
    }
    return this.known.token;
  }

  next(regex = false): Token {
    const token = this.peek(regex);
    this.at = token.end;
    this.known = undefined;
    return token;
  }

  /** Whether the next token is this keyword or symbol; takes it if so. */
  accept(text: string): boolean {
    if (!this.sees(text)) return false;
    this.next();
    return true;
  }

  sees(text: string): boolean {
    const token = this.peek();
    return (token.kind === 'keyword' || token.kind === 'symbol') && token.text === text;
  }

  /** Whether the next token is this word, which is no keyword; takes it if so. */
  acceptWord(word: string): boolean {
    const token = this.peek();
    if (token.kind !== 'identifier' || token.text.toLowerCase() !== word) return false;
    this.next();
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) throw this.unexpected([text]);
  }

  expectIdentifier(): string {
    if (this.peek().kind !== 'identifier') throw this.unexpected(['identifier']);
    return this.next().text;
  }

  unexpected(expected: readonly string[], token: Token = this.peek()): Error {
    return this.scanner.unexpected(token, expected);
  }

  error(message: string, token: Token = this.peek()): Error {
    return this.scanner.error(message, token);
  }

  /** What nests too deeply is refused, before the stack is full. */
  nested<T>(parse: () => T): T {
    if (++this.depth > DEEPEST) throw this.error(`nested more than ${DEEPEST} levels deep`);
    const result = parse();
    this.depth--;
    return result;
  }
}
