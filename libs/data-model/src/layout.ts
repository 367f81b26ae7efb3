/**
 * The sorted field names of a point: which slot of its values holds which field. Layouts are interned, so that code
 * which works on many points resolves a name once per layout and then compares references. Two layouts with the same
 * names may still be different objects (the table of interned layouts is bounded): identity is only ever a fast path.
 */
export class Layout {
  static readonly empty = new Layout([]);
  private static interned = new Map<string, Layout>();
  /** More field sets than this mean hostile or generated names: start over rather than grow for ever. */
  private static readonly internedLimit = 20_000;

  private readonly slots: Map<string, number>;
  private readonly additions = new Map<string, Layout>();

  private constructor(readonly names: readonly string[]) {
    this.slots = new Map(names.map((name, slot) => [name, slot]));
  }

  /** The layout of these names, which must be sorted by UTF-16 code units and distinct. */
  static ofSorted(names: readonly string[]): Layout {
    if (names.length === 0) return Layout.empty;
    const key = names.join('\u0000');
    let layout = Layout.interned.get(key);
    if (layout === undefined) {
      if (Layout.interned.size >= Layout.internedLimit) Layout.interned = new Map();
      layout = new Layout([...names]);
      Layout.interned.set(key, layout);
    }
    return layout;
  }

  static of(names: Iterable<string>): Layout {
    return Layout.ofSorted([...new Set(names)].sort());
  }

  get size(): number {
    return this.names.length;
  }

  /** The slot of a field, -1 if the layout does not have it. */
  slot(name: string): number {
    return this.slots.get(name) ?? -1;
  }

  has(name: string): boolean {
    return this.slots.has(name);
  }

  /** This layout and one more name (or itself, if it has the name). */
  with(name: string): Layout {
    if (this.slots.has(name)) return this;
    let layout = this.additions.get(name);
    if (layout === undefined) {
      layout = Layout.of([...this.names, name]);
      if (this.additions.size < 256) this.additions.set(name, layout);
    }
    return layout;
  }
}
