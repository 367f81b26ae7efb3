import { Batch, type FieldValue, type Group, groupOf, Point, type Tags } from '@supercap/data-model';
import type { AlertOptions } from './alert.node';

/** What an event adds to the data that are passed on. */
export interface EventValues {
  readonly level: string;
  readonly id: string;
  readonly message: string;
  readonly duration: bigint;
}

/** Adds the wanted tags and fields to what triggered an event. */
export class Annotations {
  private readonly tags: readonly (readonly [name: string, value: (event: EventValues) => string])[];
  private readonly fields: readonly (readonly [name: string, value: (event: EventValues) => FieldValue])[];

  constructor(options: AlertOptions) {
    this.tags = named<string>([
      [options.levelTag, (event) => event.level],
      [options.idTag, (event) => event.id],
    ]);
    this.fields = named<FieldValue>([
      [options.levelField, (event) => event.level],
      [options.messageField, (event) => event.message],
      [options.idField, (event) => event.id],
      [options.durationField, (event) => event.duration],
    ]);
  }

  point(point: Point, event: EventValues): Point {
    if (this.tags.length === 0) return this.withFields(point, event);
    const group = this.regroup(point.group, point.name, event, (name) => point.group.tags.has(name));
    return this.withFields(point.withTags(this.withTags(point.tags, event), group), event);
  }

  /** Tags of the event become tags of the group, as every point has them. */
  batch(batch: Batch, event: EventValues): Batch {
    if (this.tags.length === 0 && this.fields.length === 0) return batch;
    const group = this.regroup(batch.group, batch.name, event, () => true);
    const points = batch.points.map((point) =>
      this.withFields(point.withTags(this.withTags(point.tags, event), group), event),
    );
    return new Batch(batch.name, group, batch.time, points);
  }

  private withTags(tags: Tags, event: EventValues): Tags {
    return this.tags.reduce((all, [name, value]) => all.with(name, value(event)), tags);
  }

  private withFields(point: Point, event: EventValues): Point {
    return this.fields.reduce((all, [name, value]) => all.withField(name, value(event)), point);
  }

  private regroup(group: Group, name: string, event: EventValues, isGrouping: (name: string) => boolean): Group {
    const changed = this.tags.filter(([tag]) => isGrouping(tag));
    if (changed.length === 0) return group;
    return groupOf(
      group.byName,
      name,
      changed.reduce((all, [tag, value]) => all.with(tag, value(event)), group.tags),
    );
  }
}

function named<T>(pairs: readonly (readonly [string, (event: EventValues) => T])[]) {
  return pairs.filter(([name]) => name !== '');
}
