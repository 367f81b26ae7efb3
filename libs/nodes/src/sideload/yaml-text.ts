import { parseDocument, type YAMLError } from 'yaml';

/** A text that is not what its name says; the message is the cause that users of the original know. */
export class SideloadFormatError extends Error {}

/**
 * Reads YAML 1.1 as the original does, but for what its reader does not know either: times, and numbers of base 60.
 * Throws SideloadFormatError.
 */
export function parseYaml(text: string): unknown {
  const document = parseDocument(text, {
    version: '1.1',
    uniqueKeys: false,
    logLevel: 'silent',
    customTags: (tags) =>
      tags.filter((tag) => {
        const format = typeof tag === 'object' && 'format' in tag ? tag.format : undefined;
        const name = typeof tag === 'object' ? tag.tag : tag;
        return format !== 'TIME' && name !== 'tag:yaml.org,2002:timestamp';
      }),
  });
  const [error] = document.errors;
  if (error !== undefined)
    throw new SideloadFormatError(`error converting YAML to JSON: yaml: ${explain(error, text)}`);
  try {
    return document.toJS();
  } catch (thrown) {
    // An alias without an anchor, or aliases that would grow without bound.
    const name = /^Unresolved alias.*: (.+)$/.exec((thrown as Error).message)?.[1];
    const cause = name === undefined ? 'document contains excessive aliasing' : `unknown anchor '${name}' referenced`;
    throw new SideloadFormatError(`error converting YAML to JSON: yaml: ${cause}`);
  }
}

/** The original's words, as far as they can be told from the error at hand, and its way to count lines. */
function explain({ code, message, pos }: YAMLError, text: string): string {
  const line = text.slice(0, pos[0]).split('\n').length;
  switch (code) {
    case 'BLOCK_AS_IMPLICIT_KEY':
      return scanned('mapping values are not allowed in this context', line);
    case 'TAB_AS_INDENT':
    case 'BAD_SCALAR_START':
      return scanned('found character that cannot start any token', line);
    case 'MULTILINE_IMPLICIT_KEY':
      return scanned("could not find expected ':'", line + 1);
    default:
      if (message.startsWith('Missing closing')) return scanned('found unexpected end of stream', line);
      if (/^Flow (map|sequence)/.test(message)) return unclosed(text);
      return parsed('did not find expected key', line);
  }
}

/** A flow collection that is still open at the end of the text. */
function unclosed(text: string): string {
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  const body = text.trimEnd();
  if (/[[{,:]$/.test(body)) return parsed('did not find expected node content', lines + 1);
  const closer = body.lastIndexOf('[') > body.lastIndexOf('{') ? ']' : '}';
  return parsed(`did not find expected ',' or '${closer}'`, lines + 1);
}

// The original names the line in front of that of a parser's error, and none for the first line.
function parsed(cause: string, line: number): string {
  return line > 1 ? `line ${line - 1}: ${cause}` : cause;
}

function scanned(cause: string, line: number): string {
  return line > 1 ? `line ${line}: ${cause}` : cause;
}
