import { Tags } from './tags';

/** What points are grouped by: tags (`all`: every tag of the point, minus `exclude`), and the measurement or not. */
export class Dimensions {
  static readonly none = new Dimensions(false, []);
  private isRetired = false;

  private constructor(
    readonly byName: boolean,
    /** Sorted. */
    readonly tagNames: readonly string[],
    /** Grouping by `*`: `tagNames` are then the tags to leave out. */
    readonly all: boolean = false,
  ) {}

  static of(tagNames: readonly string[], byName = false): Dimensions {
    if (tagNames.length === 0 && !byName) return Dimensions.none;
    return new Dimensions(byName, [...new Set(tagNames)].sort());
  }

  static allTags(exclude: readonly string[] = [], byName = false): Dimensions {
    return new Dimensions(byName, [...exclude].sort(), true);
  }

  /** Whoever grouped by these has ended: what was noted for them may be let go. */
  get retired(): boolean {
    return this.isRetired;
  }

  /** Nobody groups by these any more. (Those that are shared by all stay.) */
  retire(): void {
    if (this !== Dimensions.none) this.isRetired = true;
  }

  /** The names that a set of tags is grouped by. */
  namesFor(tags: Tags): readonly string[] {
    if (!this.all) return this.tagNames;
    return this.tagNames.length === 0 ? tags.keys : tags.keys.filter((key) => !this.tagNames.includes(key));
  }
}

/** One group of a stream or of batches. `id` identifies it, `tags` are the grouping tags and their values only. */
export interface Group {
  readonly id: string;
  /** The measurement, when grouped by it; else empty. */
  readonly name: string;
  readonly byName: boolean;
  readonly tags: Tags;
}

/**
 * The id of a group: empty when ungrouped; else the measurement (when grouped by it), then `k=v` pairs joined by commas.
 * Tag names are sorted.
 */
export function groupId(byName: boolean, name: string, tags: Tags): string {
  let pairs = '';
  for (let i = 0; i < tags.keys.length; i++) pairs += `${i === 0 ? '' : ','}${tags.keys[i]}=${tags.values[i]}`;
  if (!byName) return pairs;
  return pairs === '' ? name : `${name}\n${pairs}`;
}

export function makeGroup(dimensions: Dimensions, name: string, tags: Tags): Group {
  return groupOf(dimensions.byName, name, tags.restrictedTo(dimensions.namesFor(tags)));
}

/**
 * What somebody keeps per group, with his name on it. Groups live as long as their series are remembered, which may be
 * longer than the owner: he empties his notes when he ends, and the name must lead to nothing else.
 */
export interface Note {
  readonly owner: object;
  /** False once nobody looks for it any more: another may take its place. */
  readonly live: boolean;
}

/**
 * A group as the engine makes them. Whoever keeps something per group may note it here: a second look-up of the same
 * object then costs a comparison or two. There is room for four; nobody may rely on finding his note again.
 */
export class NotedGroup implements Group {
  readonly id: string;
  readonly name: string;
  // Fields and not a list: there are as many groups as series, and every one of their points looks here.
  private first: Note | undefined;
  private second: Note | undefined;
  private third: Note | undefined;
  private fourth: Note | undefined;

  constructor(
    readonly byName: boolean,
    name: string,
    readonly tags: Tags,
  ) {
    this.id = groupId(byName, name, tags);
    this.name = byName ? name : '';
  }

  noteOf(owner: object): Note | undefined {
    const { first, second, third, fourth } = this;
    if (first?.owner === owner) return first;
    if (second?.owner === owner) return second;
    if (third?.owner === owner) return third;
    return fourth?.owner === owner ? fourth : undefined;
  }

  note(note: Note): void {
    const { owner } = note;
    if (isFree(this.first, owner)) this.first = note;
    else if (isFree(this.second, owner)) this.second = note;
    else if (isFree(this.third, owner)) this.third = note;
    else {
      if (!isFree(this.fourth, owner)) this.third = this.fourth;
      this.fourth = note;
    }
  }
}

const isFree = (place: Note | undefined, owner: object) => place === undefined || !place.live || place.owner === owner;

/** The group whose grouping tags are exactly `tags`. */
export function groupOf(byName: boolean, name: string, tags: Tags): NotedGroup {
  return new NotedGroup(byName, name, tags);
}

const renamed = new WeakMap<Group, Group>();

/** The group of a message whose name has become `name`: another one where it is grouped by the measurement. */
export function groupNamed(group: Group, name: string): Group {
  if (!group.byName || group.name === name) return group;
  let named = renamed.get(group);
  if (named?.name !== name) renamed.set(group, (named = groupOf(true, name, group.tags)));
  return named;
}

export const nilGroup: Group = groupOf(false, '', Tags.none);
