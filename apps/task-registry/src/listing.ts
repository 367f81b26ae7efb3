import type { registry } from '@supercap/protocol';

/** One page of what matches the pattern. A negative limit: all, whatever the pattern and the offset. */
export function select<T>(items: readonly T[], request: registry.ListRequest, idOf: (item: T) => string): readonly T[] {
  if (request.limit < 0) return items;
  const glob = Glob.read(request.pattern);
  // A pattern that cannot be read matches nothing.
  if (glob === undefined) return [];
  return items.filter((item) => glob.matches(idOf(item))).slice(request.offset, request.offset + request.limit);
}

type Token = 'star' | ((character: string) => boolean);

/** A shell pattern: `*` and `?` do not cross a slash. The empty one matches everything. */
export class Glob {
  private constructor(private readonly tokens: readonly Token[] | undefined) {}

  /** Undefined: the pattern is malformed. */
  static read(pattern: string): Glob | undefined {
    if (pattern === '') return new Glob(undefined);
    const tokens = readTokens([...pattern]);
    return tokens && new Glob(tokens);
  }

  /** In time that grows with pattern times text at most: on a mismatch only the last star takes more. */
  matches(text: string): boolean {
    const { tokens } = this;
    if (tokens === undefined) return true;
    const characters = [...text];
    let [t, c] = [0, 0];
    let star: { readonly token: number; taken: number } | undefined;
    while (c < characters.length || t < tokens.length) {
      const token = tokens[t];
      const character = characters[c];
      if (token === 'star') {
        star = { token: t++, taken: c };
      } else if (token !== undefined && character !== undefined && token(character)) {
        t++;
        c++;
      } else {
        const next = star && characters[star.taken];
        if (star === undefined || next === undefined || next === '/') return false;
        c = ++star.taken;
        t = star.token + 1;
      }
    }
    return true;
  }
}

function readTokens(characters: readonly string[]): Token[] | undefined {
  const tokens: Token[] = [];
  for (let i = 0; i < characters.length; i++) {
    const c = characters[i]!;
    if (c === '*') tokens.push('star');
    else if (c === '?') tokens.push((character) => character !== '/');
    else if (c === '[') {
      const read = readClass(characters, i + 1);
      if (read === undefined) return undefined;
      tokens.push(read.token);
      i = read.end;
    } else {
      const literal = c === '\\' ? characters[++i] : c;
      if (literal === undefined) return undefined;
      tokens.push((character) => character === literal);
    }
  }
  return tokens;
}

/** What follows a `[`: `^` or not, then at least one character or range. `end` is the place of the `]`. */
function readClass(characters: readonly string[], start: number): { token: Token; end: number } | undefined {
  const isNegated = characters[start] === '^';
  const ranges: (readonly [low: string, high: string])[] = [];
  let i = isNegated ? start + 1 : start;
  const bound = (): string | undefined => {
    const c = characters[i++];
    if (c === '-' || c === ']') return undefined;
    return c === '\\' ? characters[i++] : c;
  };
  while (characters[i] !== ']' || ranges.length === 0) {
    const low = bound();
    if (low === undefined) return undefined;
    let high: string | undefined = low;
    if (characters[i] === '-') {
      i++;
      high = bound();
    }
    if (high === undefined) return undefined;
    ranges.push([low, high]);
  }
  const token = (c: string) => c !== '/' && isNegated !== ranges.some(([low, high]) => low <= c && c <= high);
  return { token, end: i };
}
