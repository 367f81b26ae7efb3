import type { Comment, Position, Program, Statement } from './ast';
import { utf8Length } from './characters';
import { Lexer } from './lexer';
import { ParseError } from './parse-error';
import { Parser } from './parser';

const MAX_ERRORS = 100;
// A line that can only be the start of a statement: nothing else stands against the left margin.
const STATEMENT_START = /(?<=\n)\p{L}/gu;

/**
 * Reads what can be read of a script: after an error it goes on at the next line that starts, unindented, with a word.
 * For diagnostics; a script with errors is not to be run.
 */
export function parseLenient(text: string): { program: Program; errors: ParseError[] } {
  const statements: Statement[] = [];
  const errors: ParseError[] = [];
  let from: Resume | undefined = { index: 0, position: { offset: 0, line: 1, char: 1 } };
  let comment: Comment | undefined;
  while (from && errors.length < MAX_ERRORS) {
    const parser: Parser = new Parser(text, new Lexer(text, from.index, from.position));
    const failure = readStatements(parser, statements);
    if (failure) errors.push(failure.error);
    else comment = parser.rest().comment;
    from = failure && nextStart(text, from, failure.start, failure.error.position ?? failure.start);
  }
  return { program: { kind: 'program', statements, ...(comment && { comment }) }, errors };
}

/** Up to the end or to the first error, given back with the start of its statement. */
function readStatements(parser: Parser, into: Statement[]): { error: ParseError; start: Position } | undefined {
  let start = parser.position;
  try {
    while (!parser.atEnd) {
      start = parser.position;
      into.push(parser.statement());
    }
    return undefined;
  } catch (error) {
    if (error instanceof ParseError) return { error, start };
    throw error;
  }
}

interface Resume {
  /** Into the text; the position counts bytes. */
  readonly index: number;
  readonly position: Position;
}

/** The first start of a statement that is not before the error and after the start of the statement it is in. */
function nextStart(text: string, from: Resume, statement: Position, error: Position): Resume | undefined {
  let { index } = from;
  let { offset, line } = from.position;
  for (;;) {
    STATEMENT_START.lastIndex = index + 1;
    const found = STATEMENT_START.exec(text);
    if (!found) return undefined;
    offset += utf8Length(text, index, found.index);
    for (let at = text.indexOf('\n', index); at !== -1 && at < found.index; at = text.indexOf('\n', at + 1)) line++;
    index = found.index;
    if (offset >= error.offset && offset > statement.offset) return { index, position: { offset, line, char: 1 } };
  }
}
