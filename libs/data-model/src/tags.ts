import { type Dimensions, type Group, makeGroup } from './group';

/** The tags of a series: immutable, keys sorted. Groups that follow from them are computed once and kept with them. */
export class Tags {
  static readonly none = new Tags([], []);
  // Most series are grouped in one way: only for more there is a table.
  private groupedBy: Dimensions | undefined;
  private group: Group | undefined;
  private groups: Map<Dimensions, Group> | undefined;

  private constructor(
    readonly keys: readonly string[],
    readonly values: readonly string[],
  ) {}

  /** Keys must be sorted and distinct; the lists are kept, not copied. */
  static ofSorted(keys: readonly string[], values: readonly string[]): Tags {
    return keys.length === 0 ? Tags.none : new Tags(keys, values);
  }

  static from(tags: Readonly<Record<string, string>> | Iterable<readonly [string, string]>): Tags {
    const entries = Symbol.iterator in tags ? [...(tags as Iterable<readonly [string, string]>)] : Object.entries(tags);
    const sorted = [...new Map(entries)].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return Tags.ofSorted(
      sorted.map(([key]) => key),
      sorted.map(([, value]) => value),
    );
  }

  get size(): number {
    return this.keys.length;
  }

  get(key: string): string | undefined {
    const { keys } = this;
    for (let i = 0; i < keys.length; i++) if (keys[i] === key) return this.values[i];
    return undefined;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  with(key: string, value: string): Tags {
    return this.get(key) === value ? this : Tags.from([...this.entries(), [key, value]]);
  }

  without(key: string): Tags {
    if (!this.has(key)) return this;
    return Tags.from([...this.entries()].filter(([k]) => k !== key));
  }

  /** Exactly these keys, which must be sorted and distinct; one that is missing gets the empty value, as in group keys. */
  restrictedTo(keys: readonly string[]): Tags {
    if (keys.length === this.keys.length && keys.every((key, i) => key === this.keys[i])) return this;
    return Tags.ofSorted(
      keys,
      keys.map((key) => this.get(key) ?? ''),
    );
  }

  *entries(): IterableIterator<[string, string]> {
    for (let i = 0; i < this.keys.length; i++) yield [this.keys[i]!, this.values[i]!];
  }

  toObject(): Record<string, string> {
    return Object.fromEntries(this.entries());
  }

  equals(other: Tags): boolean {
    return (
      this === other ||
      (this.keys.length === other.keys.length &&
        this.keys.every((key, i) => key === other.keys[i] && this.values[i] === other.values[i]))
    );
  }

  /** The group of a point of this series under these dimensions. `name` is the measurement. */
  groupFor(dimensions: Dimensions, name: string): Group {
    const known = this.groupedBy === dimensions ? this.group! : this.groups?.get(dimensions);
    // A group by measurement depends on the name too; one set of tags rarely serves several measurements.
    if (known !== undefined && (!dimensions.byName || known.name === name)) return known;
    const group = makeGroup(dimensions, name, this);
    if (this.groupedBy === undefined || this.groupedBy === dimensions || this.groupedBy.retired) {
      this.groupedBy = dimensions;
      this.group = group;
      return group;
    }
    this.groups ??= new Map();
    for (const known of this.groups.keys()) if (known.retired) this.groups.delete(known);
    if (this.groups.size >= 64) this.groups.clear();
    this.groups.set(dimensions, group);
    return group;
  }
}
