import { VarsError, varsFromJson, varsToJson } from '@supercap/pipeline';
import { badRequest } from '@supercap/transport';

/**
 * Reads the vars of a request. Of what is wrong, a wrong shape is thrown at once as HttpError 400, as if the body could
 * not be read; a wrong value is thrown by `text`, in its turn among the checks.
 */
export function readVars(json: string): { text(): string } {
  try {
    const text = json === '' ? '{}' : varsToJson(varsFromJson(json));
    return { text: () => text };
  } catch (error) {
    if (!(error instanceof VarsError)) throw error;
    if (error.malformed) throw badRequest('invalid JSON');
    return {
      text: () => {
        throw badRequest(error.message);
      },
    };
  }
}
