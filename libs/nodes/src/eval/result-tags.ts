import type { Tags } from '@supercap/data-model';

/** How many tag sets are kept for each series that tags are added to. */
const KEPT = 64;

/**
 * Adds tags that were computed. Equal results give the same tag set again, so that what is known of a series (its
 * groups, above all) stays known.
 */
export function resultTags(names: readonly string[]): (tags: Tags, values: readonly string[]) => Tags {
  const known = new WeakMap<Tags, Map<string, Tags>>();
  return (tags, values) => {
    let variants = known.get(tags);
    if (variants === undefined) known.set(tags, (variants = new Map()));
    const key = values.join('\u0000');
    let result = variants.get(key);
    if (result === undefined) {
      result = tags;
      names.forEach((name, i) => (result = result!.with(name, values[i]!)));
      if (variants.size >= KEPT) variants.clear();
      variants.set(key, result);
    }
    return result;
  };
}
