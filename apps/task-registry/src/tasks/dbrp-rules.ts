import type { Dbrp } from '@supercap/storage';
import { badRequest } from '@supercap/transport';

/** Databases and retention policies of a new task: given, or said by the script, never both. Throws HttpError 400. */
export function dbrpsOfNew(given: readonly Dbrp[], inScript: readonly Dbrp[]): readonly Dbrp[] {
  if (given.length === 0 && inScript.length === 0) throw badRequest('must specify dbrp');
  if (given.length > 0 && inScript.length > 0)
    throw badRequest('cannot specify dbrp in both implicitly and explicitly');
  return given.length > 0 ? given : inScript;
}

/**
 * The same of a task that changes. What it has stays, unless its script said it and no longer does.
 * Throws HttpError 400.
 */
export function dbrpsOfChanged(
  given: readonly Dbrp[],
  inScript: readonly Dbrp[],
  stored: readonly Dbrp[],
  inOldScript: readonly Dbrp[],
): readonly Dbrp[] {
  if (inScript.length > 0) {
    if (given.length > 0) throw badRequest('cannot specify dbrp in implicitly and explicitly');
    return inScript;
  }
  if (given.length > 0) return given;
  if (inOldScript.length > 0) throw badRequest('must specify dbrp');
  return stored;
}
