import { DurationValue } from '@supercap/data-model';
import { type Parameter, type Property, property, type ScriptValue } from '@supercap/pipeline';

// Kinds of properties that several handlers share.

/** `.header('k', 'v')`: each call adds one entry. */
export function textEntries(summary: string, since?: string): Property<Readonly<Record<string, string>>> {
  return entries<string>('string', summary, since);
}

/** `.attribute('k', <anything>)`: each call adds one entry. */
export function anyEntries(summary: string, since?: string): Property<Readonly<Record<string, ScriptValue>>> {
  return entries<ScriptValue>('any', summary, since);
}

function entries<T>(type: Parameter['type'], summary: string, since?: string): Property<Readonly<Record<string, T>>> {
  return property.method<Readonly<Record<string, T>>>({
    summary,
    parameters: [
      { type: 'string', summary: 'The name.' },
      { type, summary: 'The value.' },
    ],
    initial: {},
    apply: (current, [key, value]) => ({ ...current, [key as string]: value as unknown as T }),
    ...(since !== undefined && { since }),
  });
}

/** `.to('a', 'b')`: each call appends its arguments. */
export function appendingList(summary: string, since?: string): Property<readonly string[]> {
  return property.method<readonly string[]>({
    summary,
    parameters: [{ type: 'string', summary, variadic: true }],
    initial: [],
    apply: (current, [given]) => [...current, ...(given as unknown as readonly string[])],
    ...(since !== undefined && { since }),
  });
}

/** Undefined when there is nothing in it, so that the option is left out. */
export function unlessEmpty<T extends readonly unknown[] | Readonly<Record<string, unknown>>>(given: T): T | undefined {
  return Object.keys(given).length === 0 ? undefined : given;
}

/** Undefined when it is off, so that the option is left out. */
export function ifSet(flag: boolean): true | undefined {
  return flag ? true : undefined;
}

/** Script values as JSON: an int as a number where that is exact. */
export function jsonEntries(
  values: Readonly<Record<string, ScriptValue>>,
): Readonly<Record<string, unknown>> | undefined {
  return unlessEmpty(Object.fromEntries(Object.entries(values).map(([key, value]) => [key, jsonOf(value)])));
}

function jsonOf(value: ScriptValue): unknown {
  if (typeof value === 'bigint') {
    const exact = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
    return exact ? Number(value) : value.toString();
  }
  if (value instanceof DurationValue) return `${value.ns}ns`;
  if (Array.isArray(value)) return value.map(jsonOf);
  return value;
}
