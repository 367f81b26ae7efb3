import { type FieldValue, type Group, Layout, Point, Tags, type Time } from '@supercap/data-model';

/** How many ways there are to choose `k` of `n`. */
export function binomial(n: number, k: number): bigint {
  if (k > n) return 0n;
  let result = 1n;
  for (let i = 1n; i <= BigInt(k); i++) result = (result * (BigInt(n - k) + i)) / i;
  return result;
}

/** Every `k` of the numbers below `n`, in lexicographic order. The list is the same one each time. */
export function* subsets(n: number, k: number): Generator<readonly number[]> {
  if (k > n || k === 0) return;
  const chosen = Array.from({ length: k }, (_, i) => i);
  for (;;) {
    yield chosen;
    let at = k - 1;
    while (at >= 0 && chosen[at] === n - k + at) at--;
    if (at < 0) return;
    chosen[at]!++;
    for (let i = at + 1; i < k; i++) chosen[i] = chosen[i - 1]! + 1;
  }
}

/**
 * Gives each role the first chosen point that fits it and is not taken. `fits[role][point]` says which fit. Undefined if
 * a role stays empty.
 */
export function assign(chosen: readonly number[], fits: readonly (readonly boolean[])[]): number[] | undefined {
  const free = [...chosen];
  const roles: number[] = [];
  for (const fit of fits) {
    const at = free.findIndex((point) => fit[point]);
    if (at < 0) return undefined;
    roles.push(...free.splice(at, 1));
  }
  return roles;
}

/** One point of the points in all roles; grouping tags keep their names. */
export function combinedPoint(
  points: readonly Point[],
  prefixes: readonly string[],
  { name, group, time }: { readonly name: string; readonly group: Group; readonly time: Time },
): Point {
  const fields = new Map<string, FieldValue>();
  const tags = new Map<string, string>(group.tags.entries());
  points.forEach((point, i) => {
    const prefix = prefixes[i]!;
    point.layout.names.forEach((field, slot) => fields.set(prefix + field, point.values[slot]!));
    for (const [tag, value] of point.tags.entries()) if (!group.tags.has(tag)) tags.set(prefix + tag, value);
  });
  const layout = Layout.of(fields.keys());
  const { db, rp } = points[0]!;
  const values = layout.names.map((field) => fields.get(field)!);
  return new Point(name, db, rp, group, Tags.from(tags), layout, values, time);
}
