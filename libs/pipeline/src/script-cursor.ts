/** Where in a script the end of a text stands. */
export interface ScriptCursor {
  /** The text before the call, or the whole, that the place is in: full statements, as far as they are full. */
  readonly before: string;
  /** The expression at whose end the operator stands. */
  readonly inner: string;
  readonly operator: '|' | '.' | '@' | undefined;
  /** The word that has been begun. */
  readonly word: string;
  readonly inLambda: boolean;
  /** How many parentheses are open. */
  readonly depth: number;
}

// The operator and the word that has been begun behind it; either may be missing.
const TAIL = /([|.@]?)\s*((?:\p{L}[\p{L}\p{Nd}_]*)?)$/u;

/** Undefined inside of a string, a reference, or a comment. */
export function locate(text: string): ScriptCursor | undefined {
  const opened = scan(text);
  if (!opened) return undefined;
  const tail = TAIL.exec(text)!;
  const [, operator, word = ''] = tail;
  const end = tail.index;
  const innermost = opened.at(-1);
  const start = innermost?.itemStart ?? 0;
  const inner = text.slice(start, end);
  return {
    before: opened[0] ? text.slice(0, opened[0].index) : text.slice(0, end),
    inner: innermost ? inner : '',
    operator: operator === '' ? undefined : (operator as '|' | '.' | '@'),
    word,
    inLambda: opened.some(({ itemStart }, i) =>
      /^\s*lambda:/.test(text.slice(itemStart, opened[i + 1]?.index ?? text.length)),
    ),
    depth: opened.length,
  };
}

interface Opened {
  readonly index: number;
  /** Where the item after the bracket or the last comma begins. */
  itemStart: number;
}

/** The brackets that are open at the end; undefined if the end is inside of a literal or a comment. */
function scan(text: string): Opened[] | undefined {
  const opened: Opened[] = [];
  for (let i = 0; i < text.length; i++) {
    switch (text[i]) {
      case '(':
      case '[':
        opened.push({ index: i, itemStart: i + 1 });
        break;
      case ')':
      case ']':
        opened.pop();
        break;
      case ',': {
        const innermost = opened.at(-1);
        if (innermost) innermost.itemStart = i + 1;
        break;
      }
      case "'":
      case '"': {
        const close = endOfLiteral(text, i);
        if (close === undefined) return undefined;
        i = close;
        break;
      }
      case '/':
        if (text[i + 1] === '/') {
          const newline = text.indexOf('\n', i);
          if (newline === -1) return undefined;
          i = newline;
        }
        break;
    }
  }
  return opened;
}

/** The index of the last character of a string or a reference; undefined if it does not end. */
function endOfLiteral(text: string, start: number): number | undefined {
  if (text.startsWith("'''", start)) {
    const close = text.indexOf("'''", start + 3);
    return close === -1 ? undefined : close + 2;
  }
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\' && text[i + 1] === text[start]) i++;
    else if (text[i] === text[start]) return i;
  }
  return undefined;
}
