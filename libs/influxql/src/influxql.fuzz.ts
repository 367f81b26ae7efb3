import type { SelectStatement, Statement } from './ast';
import { InfluxqlError } from './errors';
import { formatSelect } from './format';
import { parseQuery } from './parser';

const PIECES =
  `SELECT FROM WHERE GROUP BY AND OR INTO AS ORDER LIMIT SOFFSET DISTINCT TRUE DROP fill( tz( time mean( m v h "a\\"b"
  '' 'x' '\\n' '2017-07-14T02:40:00Z' /x\\/y/ / 1 -1 1.5 .5 9223372036854775808 10s 1h30m 1y * , . .. ( ) = != <> =~ !~ <
  >= + - % ^ | & :: float ; " ' -- /* */ \\ é 😀 $x`.split(/\s+/);

function generator(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function makeQuery(next: (below: number) => number): string {
  let text = next(4) === 0 ? '' : 'SELECT v FROM m ';
  for (let i = next(30); i >= 0; i--) text += PIECES[next(PIECES.length)]! + (next(8) === 0 ? '\n' : ' ');
  return text;
}

/** Nothing, if it was refused. */
function read(query: string): Statement[] {
  try {
    return parseQuery(query);
  } catch (error) {
    if (error instanceof InfluxqlError) return [];
    throw error;
  }
}

function checkPrinting(select: SelectStatement): void {
  const text = formatSelect(select);
  const again = formatSelect(parseQuery(text)[0] as SelectStatement);
  if (again !== text) throw new Error(`printed as ${text}, and that as ${again}`);
}

/** Any text is read or refused with a sentence; what was read can be printed, and reads the same again. */
export const fuzz = {
  name: 'influxql',
  run(inputs: number, seed: number): void {
    const next = generator(seed);
    for (let i = 0; i < inputs; i++) {
      const query = makeQuery(next);
      try {
        for (const statement of read(query)) if (statement.kind === 'select') checkPrinting(statement);
      } catch (error) {
        throw new Error(`${JSON.stringify(query)}: ${String(error)}`);
      }
    }
  },
};
