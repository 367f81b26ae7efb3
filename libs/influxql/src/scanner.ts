import { InfluxqlError } from './errors';
import { isKeyword } from './keywords';

export type TokenKind =
  | 'identifier'
  | 'keyword'
  | 'string'
  | 'regex'
  | 'integer'
  | 'number'
  | 'duration'
  | 'symbol'
  /** A string that does not end, an escape that does not exist, a character that means nothing. */
  | 'bad'
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Of an identifier or string what it means; of a keyword its upper case; else as it is written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const IGNORED = /(?:\s+|--[^\n]*|\/\*[^]*?\*\/)*/y;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const QUOTED_NAME = /"((?:\\["\\n]|[^"\\\n])*)"/y;
const QUOTED_STRING = /'((?:\\['\\n]|[^'\\\n])*)'/y;
const REGEX = /\/((?:\\[^]|[^\\/\n])*)\//y;
const DURATION = /(?:\d+(?:ns|ms|u|µ|s|m|h|d|w))+(?![A-Za-z0-9_])/y;
const NUMBER = /\d+\.\d*|\.\d+|\d+/y;
const SYMBOL = /=~|!~|!=|<>|<=|>=|::|[-+*/%&|^=<>(),;.:]/y;

const unescape = (text: string) => text.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c));

/** Reads tokens from a text, as far as they are asked for. */
export class Scanner {
  constructor(readonly text: string) {}

  /** The token at or after this place. `regex`: a slash begins a regular expression here. */
  tokenAt(from: number, regex = false): Token {
    const start = this.match(IGNORED, from)![0].length + from;
    const { text } = this;
    if (start >= text.length) return { kind: 'end', text: 'EOF', start, end: start };
    const token = (kind: TokenKind, value: string, length: number): Token => ({
      kind,
      text: value,
      start,
      end: start + length,
    });
    const word = this.match(WORD, start)?.[0];
    if (word !== undefined) {
      return isKeyword(word)
        ? token('keyword', word.toUpperCase(), word.length)
        : token('identifier', word, word.length);
    }
    const first = text[start]!;
    if (first === '"' || first === "'") {
      const quoted = this.match(first === '"' ? QUOTED_NAME : QUOTED_STRING, start);
      if (quoted === null) return token('bad', text.slice(start + 1).split('\n')[0]!, text.length - start);
      return token(first === '"' ? 'identifier' : 'string', unescape(quoted[1]!), quoted[0].length);
    }
    const pattern = regex ? this.match(REGEX, start) : null;
    if (pattern !== null) return token('regex', pattern[1]!.replaceAll('\\/', '/'), pattern[0].length);
    const duration = this.match(DURATION, start)?.[0];
    if (duration !== undefined) return token('duration', duration, duration.length);
    const number = this.match(NUMBER, start)?.[0];
    if (number !== undefined) return token(number.includes('.') ? 'number' : 'integer', number, number.length);
    const symbol = this.match(SYMBOL, start)?.[0];
    return symbol === undefined ? token('bad', first, 1) : token('symbol', symbol, symbol.length);
  }

  /** The error of a token in the wrong place. */
  unexpected(token: Token, expected: readonly string[]): InfluxqlError {
    return this.error(`found ${token.text}, expected ${expected.join(', ')}`, token);
  }

  error(message: string, { kind, start }: Token): InfluxqlError {
    const before = this.text.slice(0, start).split('\n');
    // The end counts as one character more, as InfluxDB counts.
    const char = before[before.length - 1]!.length + (kind === 'end' ? 2 : 1);
    return new InfluxqlError(`${message} at line ${before.length}, char ${char}`);
  }

  private match(pattern: RegExp, at: number): RegExpExecArray | null {
    pattern.lastIndex = at;
    return pattern.exec(this.text);
  }
}
