import type { Tags } from '@supercap/data-model';

/** Static tags over those of points; the result is kept with the tags that it came from, so it is made once per series. */
export class TagOverlay {
  private readonly known = new WeakMap<Tags, Tags>();

  constructor(private readonly added: readonly (readonly [key: string, value: string])[]) {}

  over(tags: Tags): Tags {
    if (this.added.length === 0) return tags;
    let result = this.known.get(tags);
    if (result === undefined) {
      result = tags;
      for (const [key, value] of this.added) result = result.with(key, value);
      this.known.set(tags, result);
    }
    return result;
  }
}
