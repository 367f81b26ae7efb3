import { characterName, isAlphaNumeric, isSpaceCharacter } from './characters';

export type ItemKind =
  | 'EOF'
  | 'error'
  | 'text'
  | 'leftDelim'
  | 'rightDelim'
  | 'space'
  | 'identifier'
  | 'field'
  | 'variable'
  | 'dot'
  | 'nil'
  | 'bool'
  | 'number'
  | 'char'
  | 'string'
  | 'rawString'
  | 'assign'
  | 'declare'
  | 'pipe'
  | 'leftParen'
  | 'rightParen'
  | 'character'
  | 'keyword';

export interface Item {
  readonly kind: ItemKind;
  readonly text: string;
  /** Index into the source. */
  readonly at: number;
}

const KEYWORDS: ReadonlySet<string> = new Set([
  'block',
  'break',
  'continue',
  'define',
  'else',
  'end',
  'if',
  'range',
  'template',
  'with',
]);
const LEFT = '{{';
const RIGHT = '}}';
const LEFT_COMMENT = '/*';
const RIGHT_COMMENT = '*/';
const TERMINATORS = '.,|:)(';
const NUMBER = /[+-]?(?:0[xX][\da-fA-F_]*|0[bB][\d_]*|0[oO][\d_]*|[\d_]*)(?:\.[\da-fA-F_]*)?(?:[eEpP][+-]?[\d_]*)?i?/y;

/** Cuts a template into text and the items of its actions, all at once. The last item is EOF or an error. */
export function scan(source: string): Item[] {
  return new Scanner(source).run();
}

class Scanner {
  private readonly items: Item[] = [];
  private at = 0;
  private parens = 0;

  constructor(private readonly source: string) {}

  run(): Item[] {
    let inAction = false;
    for (;;) {
      const last = this.items.at(-1);
      if (last?.kind === 'error' || last?.kind === 'EOF') return this.items;
      inAction = inAction ? this.insideAction() : this.text();
    }
  }

  private emit(kind: ItemKind, from: number): true {
    this.items.push({ kind, text: this.source.slice(from, this.at), at: from });
    return true;
  }

  private fail(message: string, from: number): true {
    this.items.push({ kind: 'error', text: message, at: from });
    return true;
  }

  /** Text up to the next action. True when an action has begun. */
  private text(): boolean {
    const { source } = this;
    const start = this.at;
    const left = source.indexOf(LEFT, start);
    let end = left === -1 ? source.length : left;
    const trims = left !== -1 && this.trimsBefore(left + 2);
    if (trims) while (end > start && isSpaceCharacter(source[end - 1]!)) end--;
    if (end > start) {
      this.at = end;
      this.emit('text', start);
    }
    if (left === -1) {
      this.at = source.length;
      this.emit('EOF', this.at);
      return false;
    }
    const inner = left + 2 + (trims ? 2 : 0);
    if (source.startsWith(LEFT_COMMENT, inner)) return this.comment(left, inner);
    this.at = left + 2;
    this.emit('leftDelim', left);
    this.at = inner;
    this.parens = 0;
    return true;
  }

  private trimsBefore(at: number): boolean {
    return this.source[at] === '-' && at + 1 < this.source.length && isSpaceCharacter(this.source[at + 1]!);
  }

  private comment(left: number, inner: number): boolean {
    const { source } = this;
    const close = source.indexOf(RIGHT_COMMENT, inner + 2);
    if (close === -1) return this.fail('unclosed comment', left);
    this.at = close + 2;
    const trims = this.trimsAfter(this.at);
    if (!trims && !source.startsWith(RIGHT, this.at)) return this.fail('comment ends before closing delimiter', left);
    this.leaveAction(trims);
    return false;
  }

  private trimsAfter(at: number): boolean {
    return isSpaceCharacter(this.source[at] ?? '') && this.source.startsWith(`-${RIGHT}`, at + 1);
  }

  private leaveAction(trims: boolean): void {
    const { source } = this;
    this.at += (trims ? 2 : 0) + 2;
    if (trims) while (this.at < source.length && isSpaceCharacter(source[this.at]!)) this.at++;
  }

  /** One item of an action. False when the action has ended. */
  private insideAction(): boolean {
    const { source } = this;
    const from = this.at;
    const trims = this.trimsAfter(from);
    if (trims || source.startsWith(RIGHT, from)) {
      if (this.parens > 0) return this.fail('unclosed left paren', from);
      this.items.push({ kind: 'rightDelim', text: RIGHT, at: from });
      this.leaveAction(trims);
      return false;
    }
    if (from >= source.length) return this.fail('unclosed action', from);
    const c = String.fromCodePoint(source.codePointAt(from)!);
    this.at += c.length;
    if (isSpaceCharacter(c)) return this.spaces(from);
    switch (c) {
      case '=':
        return this.emit('assign', from);
      case ':':
        if (source[this.at] !== '=') return this.fail('expected :=', from);
        this.at++;
        return this.emit('declare', from);
      case '|':
        return this.emit('pipe', from);
      case '"':
        return this.quoted('"', 'string', 'unterminated quoted string', from);
      case "'":
        return this.quoted("'", 'char', 'unterminated character constant', from);
      case '`':
        return this.rawQuoted(from);
      case '$':
        return this.name('variable', from);
      case '(':
        this.parens++;
        return this.emit('leftParen', from);
      case ')':
        if (--this.parens < 0) return this.fail(`unexpected right paren ${characterName(c)}`, from);
        return this.emit('rightParen', from);
      case '.':
        if (!/\d/.test(source[this.at] ?? '')) return this.name('field', from);
        return this.number(from);
      default:
        if (c === '+' || c === '-' || (c >= '0' && c <= '9')) return this.number(from);
        if (isAlphaNumeric(c)) return this.word(from);
        if (c > ' ' && c < '\u007f') return this.emit('character', from);
        return this.fail(`unrecognized character in action: ${characterName(c)}`, from);
    }
  }

  private spaces(from: number): true {
    while (isSpaceCharacter(this.source[this.at] ?? '')) {
      // The last space before a trim marker belongs to the marker.
      if (this.trimsAfter(this.at)) break;
      this.at++;
    }
    return this.emit('space', from);
  }

  private quoted(quote: string, kind: ItemKind, unterminated: string, from: number): true {
    const { source } = this;
    for (; ; this.at++) {
      const c = source[this.at];
      if (c === '\\' && this.at + 1 < source.length && source[this.at + 1] !== '\n') {
        this.at++;
      } else if (c === undefined || c === '\n' || c === '\\') {
        return this.fail(unterminated, from);
      } else if (c === quote) {
        this.at++;
        return this.emit(kind, from);
      }
    }
  }

  private rawQuoted(from: number): true {
    const end = this.source.indexOf('`', this.at);
    if (end === -1) return this.fail('unterminated raw quoted string', from);
    this.at = end + 1;
    return this.emit('rawString', from);
  }

  private number(from: number): true {
    NUMBER.lastIndex = from;
    this.at = from + NUMBER.exec(this.source)![0].length;
    const next = this.alphaNumericAt(this.at);
    if (next === '' && this.at > from) return this.emit('number', from);
    return this.fail(`bad number syntax: ${JSON.stringify(this.source.slice(from, this.at) + next)}`, from);
  }

  private word(from: number): true {
    this.skipAlphaNumeric();
    const word = this.source.slice(from, this.at);
    if (!this.atTerminator()) return this.badCharacter(from);
    if (KEYWORDS.has(word)) return this.emit('keyword', from);
    if (word === 'nil') return this.emit('nil', from);
    return this.emit(word === 'true' || word === 'false' ? 'bool' : 'identifier', from);
  }

  /** A field or a variable; on its own the dot or `$`. */
  private name(kind: 'field' | 'variable', from: number): true {
    if (this.atTerminator()) return this.emit(kind === 'field' ? 'dot' : 'variable', from);
    this.skipAlphaNumeric();
    return this.atTerminator() ? this.emit(kind, from) : this.badCharacter(from);
  }

  private badCharacter(from: number): true {
    return this.fail(`bad character ${characterName(String.fromCodePoint(this.source.codePointAt(this.at)!))}`, from);
  }

  private skipAlphaNumeric(): void {
    for (let c = this.alphaNumericAt(this.at); c !== ''; c = this.alphaNumericAt(this.at)) this.at += c.length;
  }

  private alphaNumericAt(at: number): string {
    const code = this.source.codePointAt(at);
    const c = code === undefined ? '' : String.fromCodePoint(code);
    return c !== '' && isAlphaNumeric(c) ? c : '';
  }

  private atTerminator(): boolean {
    const c = this.source[this.at];
    if (c === undefined || isSpaceCharacter(c) || TERMINATORS.includes(c)) return true;
    return this.source.startsWith(RIGHT, this.at);
  }
}

/** Whether an item of the kind can begin an operand of a command. */
export function startsOperand(kind: ItemKind): boolean {
  switch (kind) {
    case 'bool':
    case 'char':
    case 'dot':
    case 'field':
    case 'identifier':
    case 'number':
    case 'nil':
    case 'rawString':
    case 'string':
    case 'variable':
    case 'leftParen':
      return true;
    default:
      return false;
  }
}
