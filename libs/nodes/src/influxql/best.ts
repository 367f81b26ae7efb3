import { type Column, valueAt } from './column';

/** Compares the values at two positions: negative, zero or positive. Strings by code units, true after false. */
export function comparison(column: Column): (a: number, b: number) => number {
  if (column.kind === 'float') {
    const { floats } = column;
    return (a, b) => (floats[a]! < floats[b]! ? -1 : floats[a]! > floats[b]! ? 1 : 0);
  }
  return (a, b) => {
    const left = valueAt(column, a);
    const right = valueAt(column, b);
    return left < right ? -1 : left > right ? 1 : 0;
  };
}

/** The position that is better than all before it, and not worse than all behind it. */
export function indexOfBest(column: Column, better: (a: number, b: number) => boolean): number {
  let best = 0;
  for (let i = 1; i < column.count; i++) if (better(i, best)) best = i;
  return best;
}

/** All positions, best first; equals keep their order. */
export function sortedIndices(column: Column, compare: (a: number, b: number) => number): number[] {
  return Array.from({ length: column.count }, (_, index) => index).sort(compare);
}
