import { createHash } from 'node:crypto';

// What comes from points and from the world may be anything; what Postgres takes is not.

/** Classes of SQLSTATE that say that a value cannot be stored, however often one tries: data, and program limits. */
const REFUSED = /^(22|54)/;

/** Whether the database refused a statement for what was to be stored. */
export function isRefusedData(error: unknown): boolean {
  const { meta } = error as { meta?: { code?: unknown; driverAdapterError?: { cause?: { originalCode?: unknown } } } };
  const code = meta?.driverAdapterError?.cause?.originalCode ?? meta?.code;
  return typeof code === 'string' && REFUSED.test(code);
}

/** A text without the one character that Postgres' texts do not hold. */
export function storable(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
}

/** Bytes that an index takes, with a name beside them. */
const LONGEST_ID = 1000;
const BEGINNING = 200;

/** An id that an index takes: one that is too long keeps its beginning, and a hash of the whole. */
export function storableId(id: string): string {
  if (Buffer.byteLength(id) <= LONGEST_ID) return storable(id);
  return `${storable(id.slice(0, BEGINNING))}…${createHash('sha256').update(id).digest('hex')}`;
}
