/** One active inhibitor: alerts of the category whose tags have these values are silent. */
export interface ActiveInhibitor {
  /** Which group of which alert node holds it. */
  readonly source: string;
  readonly category: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The inhibitors that are active now, on this server and, as they become known, on all others. */
export class InhibitionTable {
  private readonly categories = new Map<string, Map<string, readonly (readonly [string, string])[]>>();
  private readonly categoryOf = new Map<string, string>();

  activate({ source, category, tags }: ActiveInhibitor): void {
    this.deactivate(source);
    this.categoryOf.set(source, category);
    let sources = this.categories.get(category);
    if (sources === undefined) this.categories.set(category, (sources = new Map()));
    sources.set(source, Object.entries(tags));
  }

  deactivate(source: string): void {
    const category = this.categoryOf.get(source);
    if (category === undefined) return;
    this.categoryOf.delete(source);
    const sources = this.categories.get(category)!;
    sources.delete(source);
    if (sources.size === 0) this.categories.delete(category);
  }

  /** A tag that is absent on both sides counts as equal. */
  isInhibited(category: string, tags: Readonly<Record<string, string>>): boolean {
    const sources = this.categories.get(category);
    if (sources === undefined) return false;
    for (const wanted of sources.values()) {
      if (wanted.every(([name, value]) => (Object.hasOwn(tags, name) ? tags[name] : '') === value)) return true;
    }
    return false;
  }

  *entries(): IterableIterator<ActiveInhibitor> {
    for (const [category, sources] of this.categories) {
      for (const [source, tags] of sources) yield { source, category, tags: Object.fromEntries(tags) };
    }
  }
}
