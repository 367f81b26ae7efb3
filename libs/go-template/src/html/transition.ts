import { attributeType, isScriptType } from './attributes';
import { type Context, problem, type State, TEXT, valueState } from './context';
import { cssComment, css, cssString } from './css-transition';
import { jsComment, jsDelimited, js } from './js-transition';

/** The context behind a stretch of text, and how much of the text that is. */
export type Step = readonly [context: Context, consumed: number];
export type Transition = (context: Context, text: string) => Step;

const SPACE = /[\t\n\f\r ]*/y;
const TAG_NAME = /[A-Za-z](?:[A-Za-z0-9]|[:-](?=[A-Za-z0-9]))*/y;
const ATTRIBUTE_NAME = /[^\t\n\f\r =>'"<]*/y;

const ELEMENTS: Readonly<Record<string, Context['element']>> = {
  script: 'elementScript',
  style: 'elementStyle',
  textarea: 'elementTextarea',
  title: 'elementTitle',
};
const CONTENT: Readonly<Record<Context['element'], State>> = {
  elementNone: 'stateText',
  elementScript: 'stateJS',
  elementStyle: 'stateCSS',
  elementTextarea: 'stateRCDATA',
  elementTitle: 'stateRCDATA',
};
const END_TAGS: Readonly<Record<Context['element'], RegExp | undefined>> = {
  elementNone: undefined,
  elementScript: /<\/script[\t\n\f\r />]/gi,
  elementStyle: /<\/style[\t\n\f\r />]/gi,
  elementTextarea: /<\/textarea[\t\n\f\r />]/gi,
  elementTitle: /<\/title[\t\n\f\r />]/gi,
};
const DELIMITERS: Readonly<Record<Exclude<Context['delim'], 'delimNone'>, RegExp>> = {
  delimDoubleQuote: /"/,
  delimSingleQuote: /'/,
  delimSpaceOrTagEnd: /[\t\n\f\r >]/,
};

function eat(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}

function text(context: Context, s: string): Step {
  for (let from = 0; ;) {
    const open = s.indexOf('<', from);
    if (open === -1 || open + 1 === s.length) return [context, s.length];
    if (s.startsWith('<!--', open)) return [{ ...TEXT, state: 'stateHTMLCmt' }, open + 4];
    const closes = s[open + 1] === '/';
    const start = open + (closes ? 2 : 1);
    if (start === s.length) return [context, s.length];
    const end = eat(TAG_NAME, s, start);
    if (end > start) {
      const element = closes ? 'elementNone' : (ELEMENTS[s.slice(start, end).toLowerCase()] ?? 'elementNone');
      return [{ ...TEXT, state: 'stateTag', element }, end];
    }
    from = start;
  }
}

function tag(context: Context, s: string): Step {
  const start = eat(SPACE, s, 0);
  if (start === s.length) return [context, start];
  const { element } = context;
  if (s[start] === '>') return [{ ...TEXT, state: CONTENT[element], element }, start + 1];
  const end = eat(ATTRIBUTE_NAME, s, start);
  if (/['"<]/.test(s[end] ?? '')) return [badName(s, end), s.length];
  if (end === start) {
    const found = JSON.stringify(s.slice(start));
    return [problem(`expected space, attr name, or end of tag, but got ${found}`), s.length];
  }
  const state = end === s.length ? 'stateAttrName' : 'stateAfterName';
  return [{ ...TEXT, state, element, attr: attrOf(s.slice(start, end).toLowerCase(), element) }, end];
}

function attrOf(name: string, element: Context['element']): Context['attr'] {
  if (element === 'elementScript' && name === 'type') return 'attrScriptType';
  switch (attributeType(name)) {
    case 'url':
      return 'attrURL';
    case 'css':
      return 'attrStyle';
    case 'js':
      return 'attrScript';
    case 'srcset':
      return 'attrSrcset';
    default:
      return 'attrNone';
  }
}

function badName(s: string, at: number): Context {
  return problem(`${JSON.stringify(s[at])} in attribute name: ${JSON.stringify(s.slice(0, 32))}`);
}

function attributeName(context: Context, s: string): Step {
  const end = eat(ATTRIBUTE_NAME, s, 0);
  if (/['"<]/.test(s[end] ?? '')) return [badName(s, end), s.length];
  return [end === s.length ? context : { ...context, state: 'stateAfterName' }, end];
}

function afterName(context: Context, s: string): Step {
  const at = eat(SPACE, s, 0);
  if (at === s.length) return [context, at];
  // Without a value the next is another attribute, or the end of the tag.
  if (s[at] !== '=') return [{ ...context, state: 'stateTag' }, at];
  return [{ ...context, state: 'stateBeforeValue' }, at + 1];
}

function beforeValue(context: Context, s: string): Step {
  const at = eat(SPACE, s, 0);
  if (at === s.length) return [context, at];
  const quote = s[at];
  const delim = quote === '"' ? 'delimDoubleQuote' : quote === "'" ? 'delimSingleQuote' : 'delimSpaceOrTagEnd';
  return [{ ...context, state: valueState(context.attr), delim }, delim === 'delimSpaceOrTagEnd' ? at : at + 1];
}

function htmlComment(context: Context, s: string): Step {
  const end = s.indexOf('-->');
  return end === -1 ? [context, s.length] : [TEXT, end + 3];
}

/** Where, from there on, the end tag stands of an element whose content is not HTML; else the end of the text. */
export function endOfElement({ element }: Context, s: string, from: number): number {
  const pattern = END_TAGS[element];
  if (pattern === undefined) return s.length;
  pattern.lastIndex = from;
  return pattern.exec(s)?.index ?? s.length;
}

function url(context: Context, s: string): Step {
  if (/[#?]/.test(s)) return [{ ...context, urlPart: 'urlPartQueryOrFrag' }, s.length];
  const blank = eat(SPACE, s, 0) === s.length;
  if (blank || context.urlPart !== 'urlPartNone') return [context, s.length];
  return [{ ...context, urlPart: 'urlPartPreQuery' }, s.length];
}

const rest: Transition = (context, s) => [context, s.length];

const TRANSITIONS: Readonly<Record<State, Transition>> = {
  stateText: text,
  stateTag: tag,
  stateAttrName: attributeName,
  stateAfterName: afterName,
  stateBeforeValue: beforeValue,
  stateHTMLCmt: htmlComment,
  stateRCDATA: rest,
  stateAttr: rest,
  stateURL: url,
  stateSrcset: url,
  stateJS: js,
  stateJSDqStr: jsDelimited,
  stateJSSqStr: jsDelimited,
  stateJSTmplLit: jsDelimited,
  stateJSRegexp: jsDelimited,
  stateJSBlockCmt: jsComment,
  stateJSLineCmt: jsComment,
  stateCSS: css,
  stateCSSDqStr: (context, s) => cssString(context, s, url),
  stateCSSSqStr: (context, s) => cssString(context, s, url),
  stateCSSDqURL: (context, s) => cssString(context, s, url),
  stateCSSSqURL: (context, s) => cssString(context, s, url),
  stateCSSURL: (context, s) => cssString(context, s, url),
  stateCSSBlockCmt: cssComment,
  stateCSSLineCmt: cssComment,
  stateError: rest,
};

/** The context behind the first part of a text. What is not in an attribute ends at the end tag of its element. */
export function contextAfter(context: Context, s: string, endOfContent: number): Step {
  if (context.delim === 'delimNone') {
    return endOfContent === 0 ? [TEXT, 0] : TRANSITIONS[context.state](context, s.slice(0, endOfContent));
  }
  const end = DELIMITERS[context.delim].exec(s)?.index ?? s.length;
  const unquoted = context.delim === 'delimSpaceOrTagEnd';
  const bad = unquoted ? /["'<=`]/.exec(s.slice(0, end)) : null;
  if (bad) return [problem(`${JSON.stringify(bad[0])} in unquoted attr: ${JSON.stringify(s.slice(0, end))}`), s.length];
  if (end === s.length) return [withinValue(context, unescapeHtml(s)), end];
  const scriptType = context.attr === 'attrScriptType' && context.element === 'elementScript';
  // What is in a script element of a type that does not run is no script.
  const element = scriptType && !isScriptType(s.slice(0, end)) ? 'elementNone' : context.element;
  return [{ ...TEXT, state: 'stateTag', element }, unquoted ? end : end + 1];
}

function withinValue(context: Context, value: string): Context {
  let current = context;
  for (let left = value; left !== '';) {
    const [next, consumed] = TRANSITIONS[current.state](current, left);
    current = next;
    left = left.slice(consumed);
  }
  return current;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** As far as it matters to where a value of an attribute ends up. */
function unescapeHtml(s: string): string {
  return s.replace(/&(?:#[xX]([\da-fA-F]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos));?/g, (whole, hex, decimal, name) => {
    if (typeof name === 'string') return ENTITIES[name]!;
    const code = typeof hex === 'string' ? parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
