import { isPrintable, utf8Encode } from './characters';

const HTML: Readonly<Record<string, string>> = {
  '\0': '\ufffd',
  '"': '&#34;',
  '&': '&amp;',
  "'": '&#39;',
  '<': '&lt;',
  '>': '&gt;',
};
const JS: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
};

/** text/template's `html`. */
export function htmlEscape(text: string): string {
  return text.replace(/[\u0000"&'<>]/g, (c) => HTML[c]!);
}

/** text/template's `js`. */
export function jsEscape(text: string): string {
  let out = '';
  for (const c of text) {
    const code = c.codePointAt(0)!;
    const escaped = JS[c];
    if (escaped !== undefined) out += escaped;
    else if (code < 0x20) out += `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;
    else if (isPrintable(c)) out += c;
    else out += `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;
  }
  return out;
}

/** Go's url.QueryEscape. */
export function queryEscape(text: string): string {
  return percentEncode(text, (c) => /[A-Za-z0-9\-_.~]/.test(c), true).replaceAll('%20', '+');
}

/** Writes every byte as `%xx` that is not of a character to keep. */
export function percentEncode(text: string, keep: (c: string) => boolean, upper: boolean): string {
  let out = '';
  for (const byte of utf8Encode(text)) {
    const c = byte < 0x80 ? String.fromCharCode(byte) : '';
    if (c !== '' && keep(c)) out += c;
    else {
      const digits = byte.toString(16).padStart(2, '0');
      out += `%${upper ? digits.toUpperCase() : digits}`;
    }
  }
  return out;
}
