import type { EdgeType } from './definition';
import type { ScriptValue } from './script-types';
import { DurationValue } from '@supercap/data-model';
import { CallFault } from './errors';

export type UdfOptionType = 'BOOL' | 'INT' | 'DOUBLE' | 'STRING' | 'DURATION';

/** A configured user defined function, as its process describes itself. */
export interface UdfDefinition {
  readonly name: string;
  readonly wants: EdgeType;
  readonly provides: EdgeType;
  /** The types of the arguments of each option. */
  readonly options: Readonly<Record<string, readonly UdfOptionType[]>>;
}

/** An option of a UDF as a pipeline holds it; one option may be called several times. */
export interface UdfOptionUse {
  readonly name: string;
  readonly args: readonly (boolean | bigint | number | string | DurationValue)[];
}

function udfTypeOf(value: ScriptValue): UdfOptionType | undefined {
  switch (typeof value) {
    case 'boolean':
      return 'BOOL';
    case 'bigint':
      return 'INT';
    case 'number':
      return 'DOUBLE';
    case 'string':
      return 'STRING';
    default:
      return value instanceof DurationValue ? 'DURATION' : undefined;
  }
}

/** Throws CallFault if the arguments are not those that the UDF declared. */
export function udfOption(
  name: string,
  types: readonly UdfOptionType[],
  args: readonly ScriptValue[],
  goTypeOf: (value: ScriptValue) => string,
): UdfOptionUse {
  if (args.length !== types.length) {
    throw new CallFault(`unexpected number of args to ${name}, got ${args.length} expected ${types.length}`);
  }
  args.forEach((value, i) => {
    const type = udfTypeOf(value);
    if (type !== types[i])
      throw new CallFault(`unexpected arg to ${name}, got ${type ?? goTypeOf(value)} expected ${types[i]}`);
  });
  return { name, args: args as UdfOptionUse['args'] };
}
