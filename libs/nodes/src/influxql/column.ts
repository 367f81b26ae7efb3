import type { FieldValue, Point } from '@supercap/data-model';

/** The field types that functions know. */
export type Kind = 'float' | 'int' | 'string' | 'bool';

/**
 * The values of one field over the points of an accumulation: one type, in the order of arrival. Only the first `count`
 * floats count: they lie in a buffer that the next reading overwrites, so that what is kept must be copied.
 */
export type Column = {
  /** The points of the values, in the same order. */
  readonly points: readonly Point[];
  readonly count: number;
} & (
  | { readonly kind: 'float'; readonly floats: Float64Array }
  | { readonly kind: 'int'; readonly ints: readonly bigint[] }
  | { readonly kind: 'string' | 'bool'; readonly others: readonly (string | boolean)[] }
);

/** The value at a position, of any type; for what is done once per column. */
export function valueAt(column: Column, index: number): number | bigint | string | boolean {
  if (column.kind === 'float') return column.floats[index]!;
  if (column.kind === 'int') return column.ints[index]!;
  return column.others[index]!;
}

export function kindOf(value: FieldValue | undefined): Kind | undefined {
  switch (typeof value) {
    case 'number':
      return 'float';
    case 'bigint':
      return 'int';
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    default:
      return undefined;
  }
}

export const numeric: readonly Kind[] = ['float', 'int'];
export const anyKind: readonly Kind[] = ['float', 'int', 'string', 'bool'];

/** The type that an accumulation of these points has, undefined if there are none. */
export function kindOfFirst(points: readonly Point[], field: string): Kind | undefined {
  return kindOf(points[0]?.field(field));
}
