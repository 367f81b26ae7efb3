import { VarsError, varsFromJson, varsToJson, type Vars } from '@supercap/pipeline';
import { badRequest } from '@supercap/transport';

/**
 * Reads the vars of a request. Of what is wrong, a wrong shape is thrown at once as HttpError 400, as if the body could
 * not be read; a wrong value is thrown by `text`, in its turn among the checks.
 */
export function readVars(json: string): { text(): string } {
  try {
    const vars = json === '' ? {} : varsFromJson(json);
    refuseNumbersInLists(vars);
    const text = varsToJson(vars);
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

/** Scripts may have them; the API has never taken them, and says so in these words. */
function refuseNumbersInLists(vars: Vars): void {
  for (const [name, value] of Object.entries(vars)) {
    if (value.type !== 'list') continue;
    if (value.value?.some(({ type }) => type === 'int' || type === 'float') !== true) continue;
    throw new VarsError(`invalid var ${name}: unsupported Var type json.Number.`, false);
  }
}
