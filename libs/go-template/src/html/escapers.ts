import { DurationValue, TimeValue } from '@supercap/data-model';
import { CallError } from '../error';
import { htmlEscape, percentEncode, queryEscape } from '../escape-text';
import { joinedText } from '../functions';
import { toJson } from '../json';
import { sprint, text } from '../print';
import { timeJson } from '../time-format';
import { NamedValue, type TemplateValue } from '../value';
import { attributeType } from './attributes';
import { decodeCss } from './css-transition';

/** One step of making a value safe for where it is printed. */
export interface Escaper {
  readonly name: string;
  readonly escape: (value: TemplateValue) => string;
}

/** Stands for what is not safe at all. */
const FAILSAFE = 'ZgotmplZ';

/** Text of a value; of none nothing. */
function stringify(value: TemplateValue): string {
  return value == null ? '' : sprint([value]);
}

type Table = Readonly<Record<string, string>>;

const HTML: Table = {
  '\0': '\ufffd',
  '"': '&#34;',
  '&': '&amp;',
  "'": '&#39;',
  '+': '&#43;',
  '<': '&lt;',
  '>': '&gt;',
};
const UNQUOTED: Table = {
  ...HTML,
  '\0': '&#xfffd;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\v': '&#11;',
  '\f': '&#12;',
  '\r': '&#13;',
  ' ': '&#32;',
  '=': '&#61;',
  '`': '&#96;',
};
const JS_STRING: Table = {
  '\0': '\\u0000',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\u000b',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\u0022',
  '`': '\\u0060',
  '&': '\\u0026',
  "'": '\\u0027',
  '+': '\\u002b',
  '/': '\\/',
  '<': '\\u003c',
  '>': '\\u003e',
  '\\': '\\\\',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};
const JS_REGEX: Table = {
  ...JS_STRING,
  $: '\\$',
  '(': '\\(',
  ')': '\\)',
  '*': '\\*',
  '-': '\\-',
  '.': '\\.',
  '?': '\\?',
  '[': '\\[',
  ']': '\\]',
  '^': '\\^',
  '{': '\\{',
  '|': '\\|',
  '}': '\\}',
};
const CSS: Table = {
  '\0': '\\0',
  '\t': '\\9',
  '\n': '\\a',
  '\f': '\\c',
  '\r': '\\d',
  '"': '\\22',
  '&': '\\26',
  "'": '\\27',
  '(': '\\28',
  ')': '\\29',
  '+': '\\2b',
  '/': '\\2f',
  ':': '\\3a',
  ';': '\\3b',
  '<': '\\3c',
  '>': '\\3e',
  '\\': '\\\\',
  '{': '\\7b',
  '}': '\\7d',
};

function replacing(table: Table): (s: string) => string {
  const pattern = new RegExp(
    `[${Object.keys(table)
      .map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join('')}]`,
    'g',
  );
  return (s) => s.replace(pattern, (c) => table[c]!);
}

const html = replacing(HTML);
const unquoted = replacing(UNQUOTED);
const jsString = replacing(JS_STRING);
const jsRegex = replacing(JS_REGEX);

/** A blank ends an escape where the next character would belong to it. */
function cssString(s: string): string {
  let out = '';
  for (let i = 0; i < s.length; i++) {
    const escaped = CSS[s[i]!];
    out += escaped ?? s[i];
    if (escaped !== undefined && escaped !== '\\\\' && /[\da-fA-F\t\n\f\r ]/.test(s[i + 1] ?? '')) out += ' ';
  }
  return out;
}

/** What may stand alone in a style: no quotes, brackets, comments or calls. */
function cssValue(s: string): string {
  const decoded = decodeCss(s);
  if (/[\u0000"'()/;@[\\\]`{}<>]|--/.test(decoded)) return FAILSAFE;
  const name = decoded.replace(/[^A-Za-z0-9_-]/g, '').toLowerCase();
  return name.includes('expression') || name.includes('mozbinding') ? FAILSAFE : decoded;
}

function isSafeUrl(s: string): boolean {
  const colon = s.indexOf(':');
  if (colon === -1 || s.slice(0, colon).includes('/')) return true;
  return ['http', 'https', 'mailto'].includes(s.slice(0, colon).toLowerCase());
}

const isUnreserved = (c: string) => /[A-Za-z0-9\-._~]/.test(c);

/** Leaves what has a meaning in a URL, escapes included. */
function normalizeUrl(s: string): string {
  return s
    .split(/(%[\da-fA-F]{2})/)
    .map((part, i) =>
      i % 2 === 1 ? part : percentEncode(part, (c) => isUnreserved(c) || '!#$&*+,/:;=?@[]'.includes(c), false),
    )
    .join('');
}

function srcset(s: string): string {
  return s
    .split(',')
    .map((part) => {
      const [, before, url, metadata] = /^([\t\n\f\r ]*)([^\t\n\f\r ]*)([^]*)$/.exec(part)!;
      if (!isSafeUrl(url!) || !/^[\w\t\n\f\r ]*$/.test(metadata!)) return `#${FAILSAFE}`;
      return `${before}${normalizeUrl(url!).replaceAll(',', '%2c')}${metadata}`;
    })
    .join(',');
}

function attributeNameOf(s: string): string {
  const name = s.toLowerCase();
  return /^[a-z0-9]+$/.test(name) && attributeType(name) === 'plain' ? name : FAILSAFE;
}

/** A value as an expression of JavaScript. */
function jsValue(value: TemplateValue): string {
  if (value instanceof NamedValue && value.typeName === 'template.JS') return String(value.underlying);
  let json: string;
  try {
    json = jsonOf(value);
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    return ` /* ${error.message.replaceAll('*/', '* /')} */null `;
  }
  const safe = json.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  // So that a name or a number does not grow together with its neighbours.
  const pad = /^[\w$]|[\w$]$/.test(safe) ? ' ' : '';
  return `${pad}${safe}${pad}`;
}

function jsonOf(value: TemplateValue): string {
  if (value instanceof TimeValue) return `"${timeJson(value)}"`;
  const hasText = value instanceof DurationValue || (value instanceof NamedValue && value.text !== undefined);
  return toJson(hasText ? text(value) : value);
}

const escaper = (name: string, escape: (s: string) => string): Escaper => ({
  name,
  escape: (value) => escape(stringify(value)),
});

export const ESCAPERS = {
  html: escaper('_html_template_htmlescaper', html),
  rcdata: escaper('_html_template_rcdataescaper', html),
  attribute: escaper('_html_template_attrescaper', html),
  unquoted: escaper('_html_template_nospaceescaper', (s) => (s === '' ? FAILSAFE : unquoted(s))),
  attributeName: escaper('_html_template_htmlnamefilter', attributeNameOf),
  comment: escaper('_html_template_commentescaper', () => ''),
  urlFilter: escaper('_html_template_urlfilter', (s) => (isSafeUrl(s) ? s : `#${FAILSAFE}`)),
  urlNormalizer: escaper('_html_template_urlnormalizer', normalizeUrl),
  url: escaper('_html_template_urlescaper', (s) => percentEncode(s, isUnreserved, false)),
  srcset: escaper('_html_template_srcsetescaper', srcset),
  jsValue: { name: '_html_template_jsvalescaper', escape: jsValue },
  jsString: escaper('_html_template_jsstrescaper', jsString),
  jsRegex: escaper('_html_template_jsregexpescaper', (s) => (s === '' ? '(?:)' : jsRegex(s))),
  cssString: escaper('_html_template_cssescaper', cssString),
  cssValue: escaper('_html_template_cssvaluefilter', cssValue),
} satisfies Record<string, Escaper>;

/** The escapers that a template may name itself, at the end of a pipeline; each makes the automatic ones beside it needless. */
export const PREDEFINED: Readonly<
  Record<string, { readonly escaper: Escaper; readonly replaces: readonly Escaper[] }>
> = {
  html: {
    escaper: { name: 'html', escape: (value) => htmlEscape(joinedText([value])) },
    replaces: [ESCAPERS.html, ESCAPERS.rcdata, ESCAPERS.attribute],
  },
  urlquery: {
    escaper: { name: 'urlquery', escape: (value) => queryEscape(joinedText([value])) },
    replaces: [ESCAPERS.url, ESCAPERS.urlNormalizer],
  },
};
