import { type Group, groupNamed } from './group';
import { Layout } from './layout';
import type { Tags } from './tags';
import type { FieldValue, Time } from './value';

/**
 * A point on an edge, immutable: siblings share it. Its fields are `values[slot]` under the names of `layout`.
 * A point within a batch is the same thing; its `group` is that of the batch, its `tags` are all of its own tags.
 */
export class Point {
  constructor(
    readonly name: string,
    readonly db: string,
    readonly rp: string,
    readonly group: Group,
    readonly tags: Tags,
    readonly layout: Layout,
    readonly values: readonly FieldValue[],
    readonly time: Time,
  ) {}

  /** The value of a field, undefined if the point does not have it. */
  field(name: string): FieldValue | undefined {
    const slot = this.layout.slot(name);
    return slot < 0 ? undefined : this.values[slot];
  }

  withTime(time: Time): Point {
    return new Point(this.name, this.db, this.rp, this.group, this.tags, this.layout, this.values, time);
  }

  withName(name: string): Point {
    return new Point(
      name,
      this.db,
      this.rp,
      groupNamed(this.group, name),
      this.tags,
      this.layout,
      this.values,
      this.time,
    );
  }

  withGroup(group: Group): Point {
    return new Point(this.name, this.db, this.rp, group, this.tags, this.layout, this.values, this.time);
  }

  withTags(tags: Tags, group: Group = this.group): Point {
    return new Point(this.name, this.db, this.rp, group, tags, this.layout, this.values, this.time);
  }

  withFields(layout: Layout, values: readonly FieldValue[]): Point {
    return new Point(this.name, this.db, this.rp, this.group, this.tags, layout, values, this.time);
  }

  /** This point with one field added or replaced. */
  withField(name: string, value: FieldValue): Point {
    const layout = this.layout.with(name);
    const at = layout.slot(name);
    if (layout === this.layout) {
      const values = this.values.slice();
      values[at] = value;
      return this.withFields(layout, values);
    }
    const values = new Array<FieldValue>(layout.size);
    for (let slot = 0; slot < at; slot++) values[slot] = this.values[slot]!;
    values[at] = value;
    for (let slot = at; slot < this.values.length; slot++) values[slot + 1] = this.values[slot]!;
    return this.withFields(layout, values);
  }

  /** This point without one field. */
  withoutField(name: string): Point {
    const slot = this.layout.slot(name);
    if (slot < 0) return this;
    const names = this.layout.names.filter((_, i) => i !== slot);
    return this.withFields(
      Layout.ofSorted(names),
      this.values.filter((_, i) => i !== slot),
    );
  }
}

/** A whole batch: the points of one group up to `time`, its tmax. `tags` of the group are `group.tags`. */
export class Batch {
  constructor(
    readonly name: string,
    readonly group: Group,
    readonly time: Time,
    readonly points: readonly Point[],
  ) {}

  /** The name is the batch's: its points have the same one. */
  withName(name: string): Batch {
    const group = groupNamed(this.group, name);
    const points = this.points.map((point) => point.withName(name).withGroup(group));
    return new Batch(name, group, this.time, points);
  }

  withPoints(points: readonly Point[]): Batch {
    return new Batch(this.name, this.group, this.time, points);
  }
}

/** Says that no point of the group with an earlier time will follow. */
export class Barrier {
  constructor(
    readonly group: Group,
    readonly time: Time,
  ) {}
}

/** Says that the group is gone: nodes forget its state. */
export class DeleteGroup {
  constructor(readonly group: Group) {}
}

export type Message = Point | Batch | Barrier | DeleteGroup;
