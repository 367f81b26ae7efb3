/** A statement of InfluxQL text: its first word and where that stands. */
interface Statement {
  readonly text: string;
  readonly word: string;
  readonly line: number;
  readonly char: number;
}

const KEYWORDS = ['SELECT', 'DELETE', 'SHOW', 'CREATE', 'DROP', 'GRANT', 'REVOKE', 'ALTER', 'SET', 'KILL'];

/** Blanks, comments, quoted text, words, and any other single character. */
const TOKEN = /\s+|--[^\n]*|\/\*[^]*?\*\/|'(?:\\[^]|[^'\\])*'|"(?:\\[^]|[^"\\])*"|\w+|[^]/gy;

function statementsOf(query: string): Statement[] {
  const statements: Statement[] = [];
  let word: { text: string; at: number } | undefined;
  let start = 0;
  const close = (end: number) => {
    if (word !== undefined) {
      const before = query.slice(0, word.at).split('\n');
      statements.push({
        text: query.slice(start, end).trim(),
        word: word.text,
        line: before.length,
        char: before[before.length - 1]!.length + 1,
      });
    }
    word = undefined;
  };
  for (const { 0: token, index } of query.matchAll(TOKEN)) {
    if (token === ';') {
      close(index);
      start = index + 1;
    } else if (word === undefined && !/^(?:\s|--|\/\*)/.test(token)) word = { text: token, at: index };
  }
  close(query.length);
  return statements;
}

/** What is wrong with a text that must be a single SELECT statement, as far as its outline tells. */
export function checkSelect(query: string): string | undefined {
  const statements = statementsOf(query);
  for (const { word, line, char } of statements) {
    if (KEYWORDS.includes(word.toUpperCase())) continue;
    return `failed to parse InfluxQL query: found ${word}, expected ${KEYWORDS.join(', ')} at line ${line}, char ${char}`;
  }
  const [first] = statements;
  if (first === undefined || statements.length > 1) {
    return `query must be a single select statement, got ${statements.length} statements`;
  }
  return first.word.toUpperCase() === 'SELECT' ? undefined : `query is not a select statement "${first.text}"`;
}
