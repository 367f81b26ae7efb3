import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSelect, InfluxqlError, parseQuery, rewriteQuery, soleSource, type SelectStatement } from './index';

const select = (text: string) => parseQuery(text)[0] as SelectStatement;
const printed = (text: string) => formatSelect(select(text));

describe('reading InfluxQL', () => {
  it.each([
    [
      'SELEC v FROM m',
      'found SELEC, expected SELECT, DELETE, SHOW, CREATE, DROP, GRANT, REVOKE, ALTER, SET, KILL at line 1, char 1',
    ],
    ['SELECT FROM m', 'found FROM, expected identifier, string, number, bool at line 1, char 8'],
    ['SELECT v', 'found EOF, expected FROM at line 1, char 10'],
    ['SELECT field1 X', 'found X, expected FROM at line 1, char 15'],
    ['SELECT v FROM m GROUP', 'found EOF, expected BY at line 1, char 23'],
    ['SELECT v FROM m WHERE x +;', 'found ;, expected identifier, string, number, bool at line 1, char 26'],
    ['SELECT v FROM m\nWHERE (a = 1', 'found EOF, expected ) at line 2, char 14'],
    ['SELECT v FROM m WHERE h =~ "a"', 'found a, expected regex at line 1, char 28'],
    ['SELECT v FROM m w', 'found w, expected ; at line 1, char 17'],
    ['SELECT v FROM a.b.c.d', 'too many segments in measurement at line 1, char 15'],
    ['SELECT v FROM m ORDER BY v', 'only ORDER BY time supported at this time at line 1, char 26'],
    ["SELECT v FROM m WHERE h = 'x", 'found x, expected identifier, string, number, bool at line 1, char 27'],
  ])('refuses %s', (text, message) => {
    expect(() => parseQuery(text)).toThrow(new InfluxqlError(message));
  });

  it('counts statements, empty ones not', () => {
    expect(parseQuery('').length).toBe(0);
    expect(parseQuery(' ; SELECT v FROM "a;b" ;; DROP DATABASE d; -- done').map(({ kind }) => kind)).toEqual([
      'select',
      'other',
    ]);
  });

  it('refuses what nests too deeply, and takes long chains', () => {
    expect(() => parseQuery(`SELECT v FROM m WHERE ${'('.repeat(100_000)}`)).toThrow(
      'nested more than 200 levels deep',
    );
    expect(() => parseQuery(`SELECT v FROM ${'(SELECT v FROM '.repeat(10_000)}`)).toThrow(
      'nested more than 200 levels deep',
    );
    expect(() => parseQuery(`SELECT ${'- '.repeat(10_000)}1 FROM m`)).toThrow('nested more than 200 levels deep');
    const chain = Array.from({ length: 50_000 }, () => 'v = 1').join(' OR ');
    expect(printed(`SELECT v FROM m WHERE ${chain}`)).toBe(`SELECT v FROM m WHERE ${chain}`);
  });

  it('gives one of its own errors or a statement for any words', () => {
    const word = fc.constantFrom(
      ...`SELECT FROM WHERE GROUP BY AND OR INTO AS ORDER LIMIT fill tz time DISTINCT TRUE m "a b" 'x' '\\n' /x\\/y/ 1 1.5 .5 10s 1h30m * , . ( ) = != =~ !~ < + - / :: float ; " ' -- /* é \n`.split(
        ' ',
      ),
    );
    const text = fc.oneof(
      fc.array(word, { maxLength: 30 }).map((words) => `SELECT ${words.join(' ')}`),
      fc.string(),
    );
    fc.assert(
      fc.property(text, (query) => {
        try {
          for (const statement of parseQuery(query)) {
            if (statement.kind === 'select') expect(printed(formatSelect(statement))).toBe(formatSelect(statement));
          }
        } catch (error) {
          expect(error).toBeInstanceOf(InfluxqlError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('printing InfluxQL', () => {
  it.each([
    ['select  Mean("value")  from "telegraf"."default".cpu', 'SELECT mean(value) FROM telegraf."default".cpu'],
    ['SELECT "a b", c AS "d e" FROM "d".."m"', 'SELECT "a b", c AS "d e" FROM d..m'],
    ['SELECT * FROM r.m, /cpu\\/.*/', 'SELECT * FROM r.m, /cpu\\/.*/'],
    [
      `SELECT count(distinct v) FROM m WHERE (a <> 1 OR b =~ /x/) AND t > now() - 90m`,
      'SELECT count(DISTINCT v) FROM m WHERE (a != 1 OR b =~ /x/) AND t > now() - 90m',
    ],
    [
      `SELECT v::float FROM m WHERE h = 'it\\'s' AND on = TRUE`.replace('on', '"on"'),
      `SELECT v::float FROM m WHERE h = 'it\\'s' AND "on" = true`,
    ],
    [
      'SELECT v FROM m GROUP BY time(60s,1h30m), host, *  fill( 0 )',
      'SELECT v FROM m GROUP BY time(1m, 90m), host, * fill(0)',
    ],
    [
      "SELECT v FROM m ORDER BY time desc LIMIT 1 SOFFSET 2 tz('UTC')",
      "SELECT v FROM m ORDER BY time DESC LIMIT 1 SOFFSET 2 TZ('UTC')",
    ],
    [
      'SELECT -v, - 1, 1.50 INTO d.r.x FROM (SELECT v FROM m)',
      'SELECT -1 * v, -1, 1.5 INTO d.r.x FROM (SELECT v FROM m)',
    ],
    ['SELECT 0.0000000012 FROM m', 'SELECT 0.0000000012 FROM m'],
  ])('prints %s', (text, expected) => {
    expect(printed(text)).toBe(expected);
    expect(printed(expected)).toBe(expected);
  });
});

describe('rewriting a query for a range of time', () => {
  const range = { start: '2017-07-14T02:40:00Z', stop: '2017-07-14T02:41:00Z' };

  it('puts the range behind the condition and replaces what it is grouped by', () => {
    const query = select(`SELECT mean(v) FROM d.r.m WHERE host = 'a' OR host = 'b' GROUP BY region fill(0)`);
    const groupBy = [
      { kind: 'time', length: 10_000_000_000n, offset: 0n },
      { kind: 'tag', name: 'the host' },
    ] as const;
    expect(formatSelect(rewriteQuery(query, { ...range, groupBy, fill: 'previous' }))).toBe(
      `SELECT mean(v) FROM d.r.m WHERE host = 'a' OR host = 'b' AND time >= '2017-07-14T02:40:00Z' AND ` +
        `time < '2017-07-14T02:41:00Z' GROUP BY time(10s, 0s), "the host" fill(previous)`,
    );
  });

  it('makes the range the condition of a query without one, and keeps its fill', () => {
    expect(
      formatSelect(rewriteQuery(select('SELECT v FROM m fill(none)'), { ...range, groupBy: [{ kind: 'all' }] })),
    ).toBe(
      `SELECT v FROM m WHERE time >= '2017-07-14T02:40:00Z' AND time < '2017-07-14T02:41:00Z' GROUP BY * fill(none)`,
    );
  });
});

it('finds the one database and retention policy that a query names', () => {
  expect(soleSource(select('SELECT v FROM "my db"."default"./m.*/'))).toEqual({ db: 'my db', rp: 'default' });
  for (const from of ['m', 'r.m', 'd..m', 'd.r.m, d.r.n', '(SELECT v FROM d.r.m)']) {
    expect(soleSource(select(`SELECT v FROM ${from}`))).toBeUndefined();
  }
});
