import { badRequest } from '@supercap/transport';

const ID_PATTERN = /^[-._\p{L}0-9]+$/u;

/** The members of requests that name what is made or changed. */
const NAMES = ['name', 'id', 'newId', 'topic'] as const;

/** Throws HttpError 400 when a request gives something a name longer than any may be. */
export function checkNameLengths(
  request: { readonly [K in (typeof NAMES)[number]]?: string },
  mostBytes: number,
): void {
  for (const member of NAMES) {
    const bytes = Buffer.byteLength(request[member] ?? '');
    if (bytes > mostBytes) throw badRequest(`name of ${bytes} bytes is longer than the limit of ${mostBytes}`);
  }
}

/** Names that a path takes for a folder: no file can have them, and clients fold them away. */
const FOLDERS = new Set(['.', '..']);

/** Whether the id may stand in the newer API. */
export const isId = (id: string): boolean => ID_PATTERN.test(id) && !FOLDERS.has(id);

/** Throws HttpError 400 unless the id may stand in the newer API. `what`: task, template, recording… */
export function checkId(what: string, id: string): void {
  if (!isId(id)) {
    throw badRequest(`${what} ID must contain only letters, numbers, '-', '.' and '_'. ${JSON.stringify(id)}`);
  }
}
