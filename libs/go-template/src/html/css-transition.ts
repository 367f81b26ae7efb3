import { type Context, problem, type State } from './context';
import { matches } from './js-transition';
import type { Step, Transition } from './transition';

export function css(context: Context, s: string): Step {
  for (const { 0: found, index } of s.matchAll(/[("'/]/g)) {
    switch (found) {
      case '(': {
        if (!/(?:^|[^\w\-\u0080-\uffff])url[\t\n\f\r ]*$/i.test(s.slice(Math.max(index - 64, 0), index))) break;
        const value = s.slice(index + 1);
        const start = index + 1 + value.length - value.trimStart().length;
        if (s[start] === '"') return [{ ...context, state: 'stateCSSDqURL' }, start + 1];
        if (s[start] === "'") return [{ ...context, state: 'stateCSSSqURL' }, start + 1];
        return [{ ...context, state: 'stateCSSURL' }, start];
      }
      case '/':
        if (s[index + 1] === '/') return [{ ...context, state: 'stateCSSLineCmt' }, index + 2];
        if (s[index + 1] === '*') return [{ ...context, state: 'stateCSSBlockCmt' }, index + 2];
        break;
      default:
        return [{ ...context, state: found === '"' ? 'stateCSSDqStr' : 'stateCSSSqStr' }, index + 1];
    }
  }
  return [context, s.length];
}

const ENDS: Readonly<Partial<Record<State, RegExp>>> = {
  stateCSSDqStr: /[\\"]/g,
  stateCSSDqURL: /[\\"]/g,
  stateCSSSqStr: /[\\']/g,
  stateCSSSqURL: /[\\']/g,
  stateCSSURL: /[\\\t\n\f\r )]/g,
};

/** A string or `url(…)`; either may hold a URL. */
export function cssString(context: Context, s: string, url: Transition): Step {
  for (const { 0: found, index } of matches(s, ENDS[context.state]!)) {
    if (found !== '\\') return [{ ...context, state: 'stateCSS' }, index + 1];
    if (index + 1 === s.length)
      return [problem(`unfinished escape sequence in CSS string: ${JSON.stringify(s)}`), s.length];
  }
  return [url(context, decodeCss(s))[0], s.length];
}

export function cssComment(context: Context, s: string): Step {
  const after: Context = { ...context, state: 'stateCSS' };
  if (context.state === 'stateCSSBlockCmt') {
    const end = s.indexOf('*/');
    return end === -1 ? [context, s.length] : [after, end + 2];
  }
  const end = s.search(/[\n\f\r]/);
  return end === -1 ? [context, s.length] : [after, end];
}

/** CSS escapes read: `\` and up to six hex digits, or any other character. */
export function decodeCss(s: string): string {
  return s.replace(/\\(?:([\da-fA-F]{1,6})[\t\n\f\r ]?|([^]?))/g, (_, hex, other) => {
    if (typeof hex !== 'string') return String(other);
    const code = parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  });
}
