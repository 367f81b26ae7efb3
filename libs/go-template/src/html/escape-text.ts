import { type Context, isComment, problem } from './context';
import { contextAfter, endOfElement } from './transition';

/**
 * The context behind a text of the template, and what is printed of the text: comments are left out, and a `<` that
 * starts no tag is written so that none can come of it.
 */
export function escapeText(context: Context, s: string): [Context, string] {
  let current = context;
  let out = '';
  // Looked for once, not at every step.
  let endOfContent = -1;
  let element = current.element;
  for (let at = 0; at < s.length;) {
    if (endOfContent < at || current.element !== element) {
      element = current.element;
      endOfContent = endOfElement(current, s, at);
    }
    const [next, consumed] = contextAfter(current, s.slice(at), endOfContent - at);
    if (next.state === 'stateError') return [next, s];
    if (consumed === 0 && next.state === current.state) return [problem(`stuck at ${JSON.stringify(s.slice(at))}`), s];
    const end = at + consumed;
    const enters = isComment(next.state) && next.state !== current.state && next.delim === 'delimNone';
    // Where a comment starts, its opening is not printed.
    const shown = enters ? end - (next.state === 'stateHTMLCmt' ? 4 : 2) : end;
    if (isComment(current.state) && current.delim === 'delimNone') out += commentText(current, s.slice(at, end));
    else
      out += isMarkup(current)
        ? withoutStrayTags(s.slice(at, shown), next.state !== current.state && !enters)
        : s.slice(at, shown);
    current = next;
    at = end;
  }
  return [current, out];
}

function isMarkup({ state }: Context): boolean {
  return state === 'stateText' || state === 'stateRCDATA';
}

/** The last `<` is that of a tag if one has begun. */
function withoutStrayTags(s: string, beginsTag: boolean): string {
  const end = beginsTag && s.includes('<') ? s.lastIndexOf('<') : s.length;
  return s.slice(0, end).replace(/<(?!!doctype)/gi, '&lt;') + s.slice(end);
}

/** In a script a comment still separates, and may end a line. */
function commentText({ state }: Context, s: string): string {
  switch (state) {
    case 'stateJSBlockCmt':
      return /[\n\r\u2028\u2029]/.test(s) ? '\n' : ' ';
    case 'stateCSSBlockCmt':
      return ' ';
    default:
      return '';
  }
}
