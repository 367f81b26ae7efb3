import type { Column } from './column';

/** All values of an accumulation, for functions that need every one of them. Plain data. */
export interface Values {
  floats: Float64Array;
  ints: bigint[];
  count: number;
}

export function noValues(): Values {
  return { floats: new Float64Array(0), ints: [], count: 0 };
}

export function appendValues(values: Values, column: Column): void {
  const count = values.count + column.count;
  if (column.kind === 'float') {
    if (count > values.floats.length) {
      const grown = new Float64Array(values.count === 0 ? count : Math.max(count, values.count * 2));
      grown.set(values.floats);
      values.floats = grown;
    }
    values.floats.set(column.floats.subarray(0, column.count), values.count);
  } else if (column.kind === 'int') {
    for (let i = 0; i < column.count; i++) values.ints.push(column.ints[i]!);
  }
  values.count = count;
}

export function compareInts(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
