import type { Expression } from './ast';
import type { Token } from './scanner';
import type { TokenCursor } from './token-cursor';

const COMPARISON = 3;
const PRECEDENCE: Readonly<Record<string, number>> = {
  OR: 1,
  AND: 2,
  '=': COMPARISON,
  '!=': COMPARISON,
  '<>': COMPARISON,
  '=~': COMPARISON,
  '!~': COMPARISON,
  '<': COMPARISON,
  '<=': COMPARISON,
  '>': COMPARISON,
  '>=': COMPARISON,
  '+': 4,
  '-': 4,
  '|': 4,
  '^': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  '&': 5,
};

const TYPES = new Set(['float', 'integer', 'unsigned', 'string', 'boolean', 'field', 'tag']);
const MOST_INTEGER = 0x7fff_ffff_ffff_ffffn;
const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  u: 1_000n,
  µ: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
  w: 604_800_000_000_000n,
};

/** Reads an expression whose operators bind at least as strongly as `weakest`. */
export function parseExpression(cursor: TokenCursor, weakest = 1): Expression {
  return cursor.nested(() => {
    let left = parseOperand(cursor);
    for (;;) {
      const { text, kind } = cursor.peek();
      const precedence = kind === 'symbol' || kind === 'keyword' ? PRECEDENCE[text] : undefined;
      if (precedence === undefined || precedence < weakest) return left;
      cursor.next();
      const right = text === '=~' || text === '!~' ? parseRegex(cursor) : parseExpression(cursor, precedence + 1);
      left = { kind: 'binary', operator: text === '<>' ? '!=' : text, left, right };
    }
  });
}

export function parseRegex(cursor: TokenCursor): Expression {
  const token = cursor.peek(true);
  if (token.kind !== 'regex') throw cursor.unexpected(['regex'], token);
  return { kind: 'regex', pattern: cursor.next(true).text };
}

function parseOperand(cursor: TokenCursor): Expression {
  const token = cursor.peek(true);
  switch (token.kind) {
    case 'identifier':
      return parseName(cursor);
    case 'regex':
      return parseRegex(cursor);
    case 'string':
      cursor.next(true);
      return { kind: 'string', value: token.text };
    case 'integer':
    case 'number':
    case 'duration':
      cursor.next(true);
      return literal(cursor, token);
    case 'keyword':
      return parseWord(cursor, token);
    case 'symbol':
      return parseSymbol(cursor, token);
    default:
      throw notAnOperand(cursor, token);
  }
}

const notAnOperand = (cursor: TokenCursor, token: Token) =>
  cursor.unexpected(['identifier', 'string', 'number', 'bool'], token);

function parseWord(cursor: TokenCursor, token: Token): Expression {
  if (token.text === 'TRUE' || token.text === 'FALSE') {
    cursor.next(true);
    return { kind: 'boolean', value: token.text === 'TRUE' };
  }
  if (token.text !== 'DISTINCT') throw notAnOperand(cursor, token);
  cursor.next(true);
  if (cursor.sees('(')) return parseCall(cursor, 'distinct');
  return { kind: 'distinct', name: cursor.expectIdentifier() };
}

function parseSymbol(cursor: TokenCursor, token: Token): Expression {
  switch (token.text) {
    case '(': {
      cursor.next(true);
      const inner = parseExpression(cursor);
      cursor.expect(')');
      return { kind: 'paren', inner };
    }
    case '*': {
      cursor.next(true);
      const type = parseType(cursor);
      return type === undefined ? { kind: 'wildcard' } : { kind: 'wildcard', type };
    }
    case '+':
    case '-':
      cursor.next(true);
      return parseSigned(cursor, token.text === '-');
    default:
      throw notAnOperand(cursor, token);
  }
}

function parseSigned(cursor: TokenCursor, isNegative: boolean): Expression {
  const operand = cursor.nested(() => parseOperand(cursor));
  if (!isNegative) return operand;
  switch (operand.kind) {
    case 'integer':
    case 'duration':
      return { kind: operand.kind, value: -operand.value };
    case 'number':
      return { kind: 'number', value: -operand.value };
    default:
      return { kind: 'binary', operator: '*', left: { kind: 'integer', value: -1n }, right: operand };
  }
}

function parseName(cursor: TokenCursor): Expression {
  const names = [cursor.expectIdentifier()];
  if (cursor.sees('(')) return parseCall(cursor, names[0]!.toLowerCase());
  while (cursor.accept('.')) names.push(cursor.expectIdentifier());
  const name = names.join('.');
  const type = parseType(cursor);
  return type === undefined ? { kind: 'reference', name } : { kind: 'reference', name, type };
}

function parseType(cursor: TokenCursor): string | undefined {
  if (!cursor.accept('::')) return undefined;
  const token = cursor.peek();
  const type = token.text.toLowerCase();
  if (!TYPES.has(type)) throw cursor.unexpected([...TYPES]);
  cursor.next();
  return type;
}

function parseCall(cursor: TokenCursor, name: string): Expression {
  cursor.expect('(');
  const args: Expression[] = [];
  if (!cursor.sees(')')) {
    do args.push(parseExpression(cursor));
    while (cursor.accept(','));
  }
  cursor.expect(')');
  return { kind: 'call', name, args };
}

function literal(cursor: TokenCursor, token: Token): Expression {
  if (token.kind === 'number') return { kind: 'number', value: Number(token.text) };
  if (token.kind === 'duration') {
    let value = 0n;
    for (const [, count, unit] of token.text.matchAll(/(\d+)(\D+)/g)) value += BigInt(count!) * UNITS[unit!]!;
    if (value > MOST_INTEGER) throw cursor.error('duration out of range', token);
    return { kind: 'duration', value };
  }
  const value = BigInt(token.text);
  return value > MOST_INTEGER ? { kind: 'number', value: Number(token.text) } : { kind: 'integer', value };
}
