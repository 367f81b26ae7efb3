import { parseDuration } from '@supercap/data-model';
import { RE2JS } from 're2js';
import type {
  BoolLiteral,
  Comment,
  DurationLiteral,
  Identifier,
  ListLiteral,
  NumberLiteral,
  Position,
  RegexLiteral,
  StarLiteral,
  StringLiteral,
} from './ast';
import { ParseError } from './parse-error';

const NOWHERE: Position = { offset: 0, line: 1, char: 1 };
const MAX_INT = 0x7fff_ffff_ffff_ffffn;

/** Literal nodes that a computation makes; they stand where the expression stood that they replace. */
export const literal = {
  int: (value: bigint, position: Position = NOWHERE): NumberLiteral => ({ kind: 'number', value, base: 10, position }),
  float: (value: number, position: Position = NOWHERE): NumberLiteral => ({ kind: 'number', value, position }),
  bool: (value: boolean, position: Position = NOWHERE): BoolLiteral => ({ kind: 'bool', value, position }),
  string: (value: string, position: Position = NOWHERE): StringLiteral => ({
    kind: 'string',
    value,
    tripleQuoted: false,
    position,
  }),
  duration: (ns: bigint, position: Position = NOWHERE): DurationLiteral => ({ kind: 'duration', ns, position }),
  regex: (pattern: string, position: Position = NOWHERE): RegexLiteral => ({ kind: 'regex', pattern, position }),
  star: (position: Position = NOWHERE): StarLiteral => ({ kind: 'star', position }),
  list: (items: readonly (StringLiteral | Identifier | StarLiteral)[], position: Position = NOWHERE): ListLiteral => ({
    kind: 'list',
    items,
    position,
  }),
};

interface Place {
  readonly position: Position;
  readonly comment?: Comment;
}

export function numberLiteral(text: string, place: Place): NumberLiteral {
  if (/^\d*\.\d*$/.test(text)) {
    const value = Number(text);
    if (Number.isFinite(value)) return { kind: 'number', value, ...place };
  } else if (/^0[0-7]+$/.test(text)) {
    const value = BigInt(`0o${text.slice(1)}`);
    if (value <= MAX_INT) return { kind: 'number', value, base: 8, ...place };
  } else if (/^(?:0|[1-9]\d*)$/.test(text) && text.length <= 19) {
    const value = BigInt(text);
    if (value <= MAX_INT) return { kind: 'number', value, base: 10, ...place };
  }
  throw new ParseError(`parser: illegal number syntax: "${text}"`, place.position, text.length);
}

export function durationLiteral(text: string, place: Place): DurationLiteral {
  const ns = parseDuration(text);
  if (ns === undefined) {
    const cause = /^\d/.test(text)
      ? `overflowed duration ${text}: choose a smaller duration or INF`
      : 'invalid duration';
    throw new ParseError(`parser: ${cause}`, place.position, text.length);
  }
  return { kind: 'duration', ns, text, ...place };
}

export function stringLiteral(text: string, place: Place): StringLiteral {
  const tripleQuoted = text.startsWith("'''");
  const value = tripleQuoted ? text.slice(3, -3) : text.slice(1, -1).replaceAll("\\'", "'");
  return { kind: 'string', value, tripleQuoted, ...place };
}

export function referenceName(text: string): string {
  return text.slice(1, -1).replaceAll('\\"', '"');
}

export function regexLiteral(text: string, place: Place): RegexLiteral {
  const pattern = text.slice(1, -1).replaceAll('\\/', '/');
  const problem = regexProblem(pattern);
  if (problem !== undefined) throw new ParseError(`parser: ${problem}`, place.position, text.length);
  return { kind: 'regex', pattern, ...place };
}

/** What is wrong with a pattern (`error parsing regexp: …`), if anything. */
export function regexProblem(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (!message.startsWith('error parsing regexp: ')) return `error parsing regexp: ${message}`;
    return message.endsWith('at end of expression') ? `${message}: \`\`` : message;
  }
}
