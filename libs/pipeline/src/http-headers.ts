/** A name is a token of RFC 9110. */
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Values hold any letters, sent as UTF-8, but no control characters other than tabs. */
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/;

/** What is wrong with headers that no request can be sent with. */
export function headerProblem(headers: Iterable<readonly [name: string, value: string]>): string | undefined {
  for (const [name, value] of headers) {
    if (!NAME.test(name)) return `invalid header name ${JSON.stringify(name)}`;
    if (CONTROL.test(value)) return `invalid value of header ${JSON.stringify(name)}: it holds a control character`;
  }
  return undefined;
}
