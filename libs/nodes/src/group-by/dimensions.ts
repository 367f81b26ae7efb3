import { Dimensions } from '@supercap/data-model';
import { goTypeOfScriptValue, type ScriptValue } from '@supercap/pipeline';

// What `groupBy` takes: tag names or a single star.

function isStar(value: ScriptValue): boolean {
  return typeof value === 'object' && 'kind' in value && value.kind === 'star';
}

export function groupsByAll(given: readonly ScriptValue[]): boolean {
  return given.some(isStar);
}

/** The first thing that is wrong with what was given to `groupBy`. */
export function validateDimensions(given: readonly ScriptValue[]): string | undefined {
  let named = false;
  let star = false;
  for (const value of given) {
    if (typeof value === 'string') {
      if (value === '') return 'dimensions cannot not be the empty string';
      named = true;
    } else if (isStar(value)) {
      star = true;
    } else {
      return `invalid dimension object of type ${goTypeOfScriptValue(value)}`;
    }
    if (star && named) return "cannot group by both '*' and named dimensions.";
  }
  return undefined;
}

/** The dimensions of a valid list. */
export function dimensionsOf(
  given: readonly ScriptValue[],
  byName: boolean,
  exclude: readonly string[] = [],
): Dimensions {
  if (groupsByAll(given)) return Dimensions.allTags(exclude, byName);
  return Dimensions.of(
    given.filter((value) => typeof value === 'string'),
    byName,
  );
}
