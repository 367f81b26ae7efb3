import type { Column } from './column';

/** The sum of an accumulation, in the type of its values. */
export interface Total {
  float: number;
  int: bigint;
  count: number;
}

export const noTotal = (): Total => ({ float: 0, int: 0n, count: 0 });

export function addNumbers(total: Total, column: Column): void {
  const { count } = column;
  if (column.kind === 'float') {
    const { floats } = column;
    let sum = total.float;
    for (let i = 0; i < count; i++) sum += floats[i]!;
    total.float = sum;
  } else if (column.kind === 'int') {
    let sum = total.int;
    for (let i = 0; i < count; i++) sum += column.ints[i]!;
    // Wraps as 64-bit arithmetic does.
    total.int = BigInt.asIntN(64, sum);
  }
  total.count += count;
}
