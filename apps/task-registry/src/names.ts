import { badRequest } from '@supercap/transport';

export const ID_PATTERN = /^[-._\p{L}0-9]+$/u;
const MOST_NAME_BYTES = 1024;

/** Throws HttpError 400 for a name longer than any may be. */
export function checkNameLength(name: string): void {
  const bytes = Buffer.byteLength(name);
  if (bytes > MOST_NAME_BYTES) throw badRequest(`name of ${bytes} bytes is longer than the limit of ${MOST_NAME_BYTES}`);
}

/** Throws HttpError 400 unless the id may stand in the newer API. `what`: task, template, recording… */
export function checkId(what: string, id: string): void {
  checkNameLength(id);
  if (!ID_PATTERN.test(id)) {
    throw badRequest(`${what} ID must contain only letters, numbers, '-', '.' and '_'. ${JSON.stringify(id)}`);
  }
}
