import { endOfValue, itemsOf, JsonError, kindOf, membersOf, skipBlanks } from '../http/go-json';

export interface Dbrp {
  readonly db: string;
  readonly rp: string;
}

/**
 * A JSON list of objects with `db` and `rp`, read as Go's decoder reads it: the case of keys does not matter, the last of
 * several counts, a missing half is empty, unknown keys and what follows the list are ignored. Else the decoder's text.
 */
export function parseDbrps(text: string): { readonly items: Dbrp[] } | { readonly error: string } {
  try {
    const start = skipBlanks(text, 0);
    const json = text.slice(start, endOfValue(text, start));
    if (kindOf(json) === 'null') return { items: [] };
    expectKind(json, 'array', '[]kapacitor.DBRP');
    return { items: itemsOf(json).map(dbrpOf) };
  } catch (error) {
    if (error instanceof JsonError) return { error: error.message };
    throw error;
  }
}

function dbrpOf(json: string): Dbrp {
  const dbrp = { db: '', rp: '' };
  if (kindOf(json) === 'null') return dbrp;
  expectKind(json, 'object', 'kapacitor.DBRP');
  for (const [name, value] of membersOf(json)) {
    const key = name.toLowerCase();
    if ((key !== 'db' && key !== 'rp') || kindOf(value) === 'null') continue;
    expectKind(value, 'string', 'string');
    dbrp[key] = JSON.parse(value) as string;
  }
  return dbrp;
}

function expectKind(json: string, kind: string, goType: string): void {
  if (kindOf(json) !== kind)
    throw new JsonError(`json: cannot unmarshal ${kindOf(json)} into Go value of type ${goType}`);
}
