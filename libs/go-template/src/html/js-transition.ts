import { type Context, problem } from './context';
import type { Step } from './transition';

/** Words behind which a slash starts a regex. */
const REGEX_WORDS = new Set(
  'break case continue delete do else finally in instanceof return throw try typeof void'.split(' '),
);

const SPACES = '\t\n\f\r \u2028\u2029';

/** What a slash behind this script text would be. */
export function nextJsContext(s: string, preceding: Context['jsCtx']): Context['jsCtx'] {
  const end = lastWhere(s, s.length, (c) => !SPACES.includes(c)) + 1;
  if (end === 0) return preceding;
  const last = s[end - 1]!;
  switch (last) {
    case '+':
    case '-': {
      // `++` and `--` stand behind an operand, one sign before the next.
      const signs = end - 1 - lastWhere(s, end, (c) => c !== last);
      return (signs & 1) === 1 ? 'jsCtxRegexp' : 'jsCtxDivOp';
    }
    case '.':
      return /\d/.test(s[end - 2] ?? '') ? 'jsCtxDivOp' : 'jsCtxRegexp';
  }
  if (',<>=*%&|^?!~([{;:}'.includes(last)) return 'jsCtxRegexp';
  const word = s.slice(lastWhere(s, end, (c) => !/[\w$]/.test(c)) + 1, end);
  return REGEX_WORDS.has(word) ? 'jsCtxRegexp' : 'jsCtxDivOp';
}

/** The last character before `end` of the kind; -1 if there is none. */
function lastWhere(s: string, end: number, is: (c: string) => boolean): number {
  let at = end - 1;
  while (at >= 0 && !is(s[at]!)) at--;
  return at;
}

export function js(context: Context, s: string): Step {
  const at = s.search(/["'`/]/);
  if (at === -1) return [{ ...context, jsCtx: nextJsContext(s, context.jsCtx) }, s.length];
  const jsCtx = nextJsContext(s.slice(0, at), context.jsCtx);
  switch (s[at]) {
    case '"':
      return [{ ...context, state: 'stateJSDqStr', jsCtx: 'jsCtxRegexp' }, at + 1];
    case "'":
      return [{ ...context, state: 'stateJSSqStr', jsCtx: 'jsCtxRegexp' }, at + 1];
    case '`':
      return [{ ...context, state: 'stateJSTmplLit', jsCtx: 'jsCtxRegexp' }, at + 1];
  }
  if (s[at + 1] === '/') return [{ ...context, state: 'stateJSLineCmt', jsCtx }, at + 2];
  if (s[at + 1] === '*') return [{ ...context, state: 'stateJSBlockCmt', jsCtx }, at + 2];
  if (jsCtx === 'jsCtxRegexp') return [{ ...context, state: 'stateJSRegexp', jsCtx }, at + 1];
  if (jsCtx === 'jsCtxDivOp') return [{ ...context, jsCtx: 'jsCtxRegexp' }, at + 1];
  const found = JSON.stringify(s.slice(at, at + 32));
  return [problem(`'/' could start a division or regexp: ${found}`), s.length];
}

const SPECIAL: Readonly<Record<string, RegExp>> = {
  stateJSDqStr: /[\\"]/g,
  stateJSSqStr: /[\\']/g,
  stateJSTmplLit: /[\\`]/g,
  stateJSRegexp: /[\\/[\]]/g,
};

/** A string or a regex, up to what ends it. */
export function jsDelimited(context: Context, s: string): Step {
  let inCharset = false;
  for (const { 0: special, index } of matches(s, SPECIAL[context.state]!)) {
    if (special === '\\') {
      if (index + 1 === s.length)
        return [problem(`unfinished escape sequence in JS string: ${JSON.stringify(s)}`), s.length];
    } else if (special === '[') inCharset = true;
    else if (special === ']') inCharset = false;
    else if (!inCharset) return [{ ...context, state: 'stateJS', jsCtx: 'jsCtxDivOp' }, index + 1];
  }
  if (inCharset) return [problem(`unfinished JS regexp charset: ${JSON.stringify(s)}`), s.length];
  return [context, s.length];
}

/** Matches of single characters; what stands behind a backslash is none. */
export function* matches(s: string, pattern: RegExp): Iterable<{ 0: string; index: number }> {
  let escaped = -1;
  for (const match of s.matchAll(pattern)) {
    if (match.index === escaped) continue;
    if (match[0] === '\\') escaped = match.index + 1;
    yield { 0: match[0], index: match.index };
  }
}

export function jsComment(context: Context, s: string): Step {
  const after: Context = { ...context, state: 'stateJS' };
  if (context.state === 'stateJSBlockCmt') {
    const end = s.indexOf('*/');
    return end === -1 ? [context, s.length] : [after, end + 2];
  }
  // The end of the line still counts as one.
  const end = s.search(/[\n\r\u2028\u2029]/);
  return end === -1 ? [context, s.length] : [after, end];
}
