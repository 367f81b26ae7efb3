import { badRequest, serverError } from '@supercap/transport';
import { CompileRefusal } from './compile-client';

/** What a refused script means in the newer API. Other errors stay what they are. */
export function refusal(error: unknown): unknown {
  if (!(error instanceof CompileRefusal)) return error;
  return badRequest(error.kind === 'script' ? `invalid TICKscript: ${error.message}` : error.message);
}

/** And in the 2016 API. */
export function legacyRefusal(error: unknown): unknown {
  return error instanceof CompileRefusal ? serverError(`invalid task: ${error.message}`) : error;
}
