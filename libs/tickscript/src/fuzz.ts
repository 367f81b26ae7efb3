import { format } from './format';
import { parseLenient } from './lenient';
import { ParseError } from './parse-error';
import { parse, parseLambda } from './parser';

// prettier-ignore
const PIECES = [
  'var ', 'dbrp ', 'lambda:', 'lambda', 'TRUE', 'FALSE', 'AND', 'OR', 'stream', 'batch', 'x', 'é', '_', 'from', '|from()',
  '.where(', '@udf()', '(', ')', '[', ']', ',', '.', '|', '@', '=', '==', '!=', '=~', '!~', '!', '<', '<=', '>', '>=', '+', '-',
  '*', '/', '%', '/re/', '/a(/', '\\/', '//', '// note\n', "'", "''", "'''", "'s'", "'''t'''", '"', '"ref"', '\\', '0', '007', '9',
  '1.5', '.5', '5.', '1..2', '10s', '3ms', '7µ', '99999999999999999999', '9999999999w', ' ', '\n', '\t', '\r\n', '\u0085', '\u00a0',
  '\ud800', '😀', '\u0000', '#', '$', '&&', ';', '{', 'е3',
];

/** A small generator with a seed (mulberry32), so that a failing input can be made again. */
export function randomSource(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** Token soup, random characters, and a script with a few characters changed. */
export function randomScript(random: (below: number) => number): string {
  const pick = () => PIECES[random(PIECES.length)]!;
  switch (random(4)) {
    case 0:
      return Array.from({ length: random(40) }, () =>
        String.fromCharCode(random(random(3) === 0 ? 0x10000 : 0x80)),
      ).join('');
    case 1: {
      const piece = pick();
      return piece.repeat(random(3000));
    }
    case 2: {
      let text = `var x = 5 // five\nstream|from().where(lambda: "a" > x AND !("b" =~ /x\\/y/))\n  |eval(lambda: -1.5 * 2.0)\n    .as('e', [a, *])`;
      for (let i = random(6); i >= 0; i--) {
        const at = random(text.length + 1);
        text = text.slice(0, at) + (random(2) === 0 ? pick() : '') + text.slice(at + random(5));
      }
      return text;
    }
    default:
      return Array.from({ length: random(60) }, pick).join('');
  }
}

/** Reads a text in every way there is. What is wrong must come as a ParseError; what is read must format to what reads again. */
export function tryScript(text: string): void {
  parseLenient(text);
  unlessParseError(() => parseLambda(text));
  const program = unlessParseError(() => parse(text));
  // Quotes within the names of a dbrp statement are not written back with their backslash.
  if (program && !(text.includes('dbrp') && text.includes('\\"'))) parse(format(program));
}

function unlessParseError<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof ParseError) return undefined;
    throw error;
  }
}
