/** What the parser of a browser is in the middle of. The names are Go's: they stand in error texts. */
export type State =
  | 'stateText'
  | 'stateTag'
  | 'stateAttrName'
  | 'stateAfterName'
  | 'stateBeforeValue'
  | 'stateHTMLCmt'
  | 'stateRCDATA'
  | 'stateAttr'
  | 'stateURL'
  | 'stateSrcset'
  | 'stateJS'
  | 'stateJSDqStr'
  | 'stateJSSqStr'
  | 'stateJSTmplLit'
  | 'stateJSRegexp'
  | 'stateJSBlockCmt'
  | 'stateJSLineCmt'
  | 'stateCSS'
  | 'stateCSSDqStr'
  | 'stateCSSSqStr'
  | 'stateCSSDqURL'
  | 'stateCSSSqURL'
  | 'stateCSSURL'
  | 'stateCSSBlockCmt'
  | 'stateCSSLineCmt'
  | 'stateError';

export interface Context {
  readonly state: State;
  /** What ends the attribute value. */
  readonly delim: 'delimNone' | 'delimDoubleQuote' | 'delimSingleQuote' | 'delimSpaceOrTagEnd';
  readonly urlPart: 'urlPartNone' | 'urlPartPreQuery' | 'urlPartQueryOrFrag' | 'urlPartUnknown';
  /** What a slash would start. */
  readonly jsCtx: 'jsCtxRegexp' | 'jsCtxDivOp' | 'jsCtxUnknown';
  readonly attr: 'attrNone' | 'attrScript' | 'attrScriptType' | 'attrStyle' | 'attrURL' | 'attrSrcset';
  readonly element: 'elementNone' | 'elementScript' | 'elementStyle' | 'elementTextarea' | 'elementTitle';
  /** What is wrong, in stateError. */
  readonly problem?: string;
}

export const TEXT: Context = {
  state: 'stateText',
  delim: 'delimNone',
  urlPart: 'urlPartNone',
  jsCtx: 'jsCtxRegexp',
  attr: 'attrNone',
  element: 'elementNone',
};

export function problem(text: string): Context {
  return { ...TEXT, state: 'stateError', problem: text };
}

export function describeContext({ state, delim, urlPart, jsCtx, attr, element }: Context): string {
  return `{${state} ${delim} ${urlPart} ${jsCtx} ${attr} ${element} <nil>}`;
}

export function sameContext(a: Context, b: Context): boolean {
  return describeContext(a) === describeContext(b) && a.problem === b.problem;
}

export function isComment(state: State): boolean {
  return state.endsWith('Cmt');
}

/** The state at the start of the value of an attribute. */
export function valueState(attr: Context['attr']): State {
  switch (attr) {
    case 'attrScript':
      return 'stateJS';
    case 'attrStyle':
      return 'stateCSS';
    case 'attrURL':
      return 'stateURL';
    case 'attrSrcset':
      return 'stateSrcset';
    default:
      return 'stateAttr';
  }
}

/** What an action in the place of an attribute makes of the context. */
export function nudge(context: Context): Context {
  switch (context.state) {
    case 'stateTag':
      return { ...context, state: 'stateAttrName' };
    case 'stateBeforeValue':
      return { ...context, state: valueState(context.attr), delim: 'delimSpaceOrTagEnd', attr: 'attrNone' };
    case 'stateAfterName':
      return { ...context, state: 'stateAttrName', attr: 'attrNone' };
    default:
      return context;
  }
}

/** The context behind two branches; undefined if they end too differently. */
export function join(a: Context, b: Context): Context | undefined {
  if (a.state === 'stateError') return a;
  if (b.state === 'stateError' || sameContext(a, b)) return b;
  if (sameContext({ ...a, urlPart: b.urlPart }, b)) return { ...a, urlPart: 'urlPartUnknown' };
  if (sameContext({ ...a, jsCtx: b.jsCtx }, b)) return { ...a, jsCtx: 'jsCtxUnknown' };
  const [nudgedA, nudgedB] = [nudge(a), nudge(b)];
  return sameContext(nudgedA, a) && sameContext(nudgedB, b) ? undefined : join(nudgedA, nudgedB);
}
