import { type Group, groupOf, type Tags } from '@supercap/data-model';

// Changing the tags of points changes their groups. Tags are those of a series and live long, so what follows from them
// is worked out once: points of one series keep sharing one tag set and one group.

const regroupedBy = new WeakMap<Tags, { readonly group: Group; readonly regrouped: Group }>();

/** The group, grouped by the same tags, of a point whose tags have become `tags`. `name` is its measurement. */
export function regrouped(group: Group, tags: Tags, name: string): Group {
  const grouping = group.tags;
  if (grouping.keys.every((key, i) => (tags.get(key) ?? '') === grouping.values[i])) return group;
  const known = regroupedBy.get(tags);
  if (known?.group === group) return known.regrouped;
  const result = groupOf(group.byName, name, tags.restrictedTo(grouping.keys));
  regroupedBy.set(tags, { group, regrouped: result });
  return result;
}

/** A function of tags that is computed once for each set of tags. */
export function oncePerTags<T>(compute: (tags: Tags) => T): (tags: Tags) => T {
  const known = new WeakMap<Tags, { readonly value: T }>();
  let lastTags: Tags | undefined;
  let last: T;
  return (tags) => {
    if (tags === lastTags) return last;
    let entry = known.get(tags);
    if (entry === undefined) known.set(tags, (entry = { value: compute(tags) }));
    lastTags = tags;
    last = entry.value;
    return last;
  };
}
