import { inSources } from './source-positions';

const hidden = '[hidden]';
const secretKey =
  /^(authorization|cookie|set-cookie|.*(password|secret|token|api[-_]?key|service[-_]?key|routing[-_]?key))$/i;
const credentialsInUrl = /([a-z][a-z0-9+.-]*:\/\/)[^\s/@:]*:[^\s/@]*@/gi;
const secretParameter = /([?&](?:p|password|token|secret|key)=)[^&\s"']*/gi;
const credentialsInHeader = /\b(bearer|basic|token) [a-z0-9+/=._~-]{8,}/gi;

/** Deeper than this, a value is a structure that has no place in a log line. */
const deepest = 5;

/**
 * A copy of something that goes to the log, without what nobody may read there: values under the names of secrets, and
 * in texts the credentials of URLs, their secret parameters and those of authorization headers.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof Date) return value;
  if (depth >= deepest) return '…';
  if (value instanceof URL) return redactText(value.href);
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, secretKey.test(key) && item ? hidden : redact(item, depth + 1)]),
  );
}

export function redactText(text: string): string {
  return text
    .replace(credentialsInUrl, `$1${hidden}@`)
    .replace(secretParameter, `$1${hidden}`)
    .replace(credentialsInHeader, `$1 ${hidden}`);
}

function redactError(error: Error, depth: number): unknown {
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  return {
    type: name,
    message: redactText(message),
    ...(code !== undefined && { code }),
    ...(stack !== undefined && { stack: redactText(inSources(stack)) }),
    ...(cause !== undefined && depth < deepest && { cause: redact(cause, depth + 1) }),
  };
}
