import type { Expression, Fill, Measurement, SelectStatement, Source, Statement } from './ast';
import { parseExpression, parseRegex } from './parse-expression';
import { TokenCursor } from './token-cursor';

const STATEMENTS = ['SELECT', 'DELETE', 'SHOW', 'CREATE', 'DROP', 'GRANT', 'REVOKE', 'ALTER', 'SET', 'KILL'];
const MOST_BYTES = 1024 * 1024;

/** Reads statements that are separated by semicolons. Only SELECT is read in full. Throws InfluxqlError. */
export function parseQuery(text: string): Statement[] {
  const cursor = new TokenCursor(text);
  if (text.length > MOST_BYTES) throw cursor.error(`query is longer than ${MOST_BYTES} characters`);
  const statements: Statement[] = [];
  let mayBegin = true;
  for (;;) {
    const { kind, text: word } = cursor.peek();
    if (kind === 'end') return statements;
    if (cursor.accept(';')) {
      mayBegin = true;
    } else if (!mayBegin) {
      throw cursor.unexpected([';']);
    } else {
      if (kind !== 'keyword' || !STATEMENTS.includes(word)) throw cursor.unexpected(STATEMENTS);
      statements.push(word === 'SELECT' ? parseSelect(cursor) : skipStatement(cursor));
      mayBegin = false;
    }
  }
}

function skipStatement(cursor: TokenCursor): Statement {
  while (!cursor.sees(';') && cursor.peek().kind !== 'end') cursor.next();
  return { kind: 'other' };
}

function parseSelect(cursor: TokenCursor): SelectStatement {
  cursor.expect('SELECT');
  const fields = parseList(cursor, () => {
    const expression = parseExpression(cursor);
    return { expression, alias: cursor.accept('AS') ? cursor.expectIdentifier() : '' };
  });
  const target = cursor.accept('INTO') ? parseMeasurement(cursor) : undefined;
  cursor.expect('FROM');
  const sources = parseList(cursor, () => parseSource(cursor));
  const condition = cursor.accept('WHERE') ? parseExpression(cursor) : undefined;
  const dimensions = parseDimensions(cursor);
  const fill = parseFill(cursor);
  const order = parseOrder(cursor);
  const limit = parseCount(cursor, 'LIMIT');
  const offset = parseCount(cursor, 'OFFSET');
  const seriesLimit = parseCount(cursor, 'SLIMIT');
  const seriesOffset = parseCount(cursor, 'SOFFSET');
  const timeZone = parseTimeZone(cursor);
  const rest = { fields, sources, dimensions, fill, order, limit, offset, seriesLimit, seriesOffset, timeZone };
  return { kind: 'select', ...rest, ...(target && { target }), ...(condition && { condition }) };
}

function parseList<T>(cursor: TokenCursor, parse: () => T): T[] {
  const items: T[] = [];
  do items.push(parse());
  while (cursor.accept(','));
  return items;
}

function parseSource(cursor: TokenCursor): Source {
  if (!cursor.accept('(')) return parseMeasurement(cursor);
  if (!cursor.sees('SELECT')) throw cursor.unexpected(['SELECT']);
  const select = cursor.nested(() => parseSelect(cursor));
  cursor.expect(')');
  return { kind: 'subquery', select };
}

/** `db.rp.name`, `db..name`, `rp.name`, `name`; the name may be a regular expression. */
function parseMeasurement(cursor: TokenCursor): Measurement {
  const first = cursor.peek(true);
  const segments: string[] = [];
  let pattern: string | undefined;
  for (;;) {
    const { kind } = cursor.peek(true);
    if (kind === 'regex') pattern = cursor.next(true).text;
    else if (kind === 'identifier') segments.push(cursor.next(true).text);
    // Only between two dots may a segment be missing.
    else if (segments.length > 0 && cursor.sees('.')) segments.push('');
    else throw cursor.unexpected(['identifier'], cursor.peek(true));
    if (pattern !== undefined || !cursor.accept('.')) break;
  }
  if (segments.length + (pattern === undefined ? 0 : 1) > 3)
    throw cursor.error('too many segments in measurement', first);
  const name = pattern === undefined ? segments.pop()! : '';
  const retentionPolicy = segments.pop() ?? '';
  const database = segments.pop() ?? '';
  return { kind: 'measurement', database, retentionPolicy, name, ...(pattern !== undefined && { pattern }) };
}

function parseDimensions(cursor: TokenCursor): Expression[] {
  if (!cursor.accept('GROUP')) return [];
  cursor.expect('BY');
  return parseList(cursor, () => (cursor.peek(true).kind === 'regex' ? parseRegex(cursor) : parseExpression(cursor)));
}

function parseFill(cursor: TokenCursor): Fill {
  if (!cursor.acceptWord('fill')) return 'null';
  cursor.expect('(');
  const token = cursor.peek();
  const option = parseExpression(cursor);
  cursor.expect(')');
  if (option.kind === 'integer' || option.kind === 'number') return option.value;
  const word = option.kind === 'reference' ? option.name.toLowerCase() : '';
  if (word === 'null' || word === 'none' || word === 'previous' || word === 'linear') return word;
  throw cursor.error('fill requires an argument, e.g.: 0, null, none, previous, linear', token);
}

function parseOrder(cursor: TokenCursor): { name: string; ascending: boolean }[] {
  if (!cursor.accept('ORDER')) return [];
  cursor.expect('BY');
  const order = parseList(cursor, () => {
    const token = cursor.peek();
    if (token.kind !== 'identifier') throw cursor.unexpected(['identifier', 'ASC', 'DESC']);
    if (token.text.toLowerCase() !== 'time') throw cursor.error('only ORDER BY time supported at this time');
    cursor.next();
    return { name: token.text, ascending: cursor.accept('ASC') || !cursor.accept('DESC') };
  });
  if (order.length > 1) throw cursor.error('only ORDER BY time supported at this time');
  return order;
}

function parseCount(cursor: TokenCursor, keyword: string): bigint {
  if (!cursor.accept(keyword)) return 0n;
  if (cursor.peek().kind !== 'integer') throw cursor.unexpected(['integer']);
  return BigInt(cursor.next().text);
}

function parseTimeZone(cursor: TokenCursor): string {
  if (!cursor.acceptWord('tz')) return '';
  cursor.expect('(');
  if (cursor.peek().kind !== 'string') throw cursor.unexpected(['string']);
  const zone = cursor.next().text;
  cursor.expect(')');
  return zone;
}
