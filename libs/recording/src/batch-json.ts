import {
  Batch,
  formatTime,
  groupOf,
  jsonString,
  jsonValue,
  Layout,
  parseTime,
  Point,
  Tags,
  ZERO_TIME,
} from '@supercap/data-model';
import type { FieldValue, Time } from '@supercap/data-model';

/** A recorded batch that cannot be read. */
export class BatchFormatError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BatchFormatError';
  }
}

type JsonObject = Readonly<Record<string, unknown>>;

/** Reads a batch as recordings hold it. Numbers are floats; points without tags have those of the group. Throws BatchFormatError. */
export function batchFromJson(json: string): Batch {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new BatchFormatError(error instanceof Error ? error.message : String(error));
  }
  const batch = asObject(value, 'a batch');
  const name = asText(batch['name'], 'name');
  const groupTags = asTags(batch['tags'], 'tags');
  const group = groupOf(asFlag(batch['byname'], 'byname'), name, groupTags);
  const points = asList(batch['points'], 'points').map((item) => {
    const point = asObject(item, 'a point');
    const { layout, values } = asFields(point['fields']);
    const own = asTags(point['tags'], 'tags of a point');
    return new Point(
      name,
      '',
      '',
      group,
      own.size === 0 ? groupTags : own,
      layout,
      values,
      asTime(point['time'], 'time'),
    );
  });
  return new Batch(name, group, asTime(batch['tmax'], 'tmax'), points);
}

/** The JSON of a batch in recordings; what is empty is left out, except `tmax`. Throws for floats that JSON cannot hold. */
export function batchToJson(batch: Batch): string {
  const { name, group, time, points } = batch;
  const members: string[] = [];
  if (name !== '') members.push(`"name":${jsonString(name)}`);
  members.push(`"tmax":"${formatTime(time)}"`);
  if (group.id !== '') members.push(`"group":${jsonString(group.id)}`);
  if (group.byName) members.push('"byname":true');
  if (group.tags.size > 0) members.push(`"tags":${tagsJson(group.tags)}`);
  if (points.length > 0) members.push(`"points":[${points.map(pointJson).join(',')}]`);
  return `{${members.join(',')}}`;
}

function pointJson({ layout, values, tags, time }: Point): string {
  const fields = layout.names.map((name, slot) => `${jsonString(name)}:${jsonValue(values[slot])}`).join(',');
  return `{"fields":{${fields}},"tags":${tags.size === 0 ? 'null' : tagsJson(tags)},"time":"${formatTime(time)}"}`;
}

function tagsJson(tags: Tags): string {
  return `{${[...tags.entries()].map(([key, value]) => `${jsonString(key)}:${jsonString(value)}`).join(',')}}`;
}

function asObject(value: unknown, what: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new BatchFormatError(`${what} must be an object`);
}

function asList(value: unknown, what: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw new BatchFormatError(`${what} must be a list`);
}

function asText(value: unknown, what: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  throw new BatchFormatError(`${what} must be a string`);
}

function asFlag(value: unknown, what: string): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  throw new BatchFormatError(`${what} must be true or false`);
}

function asTime(value: unknown, what: string): Time {
  if (value === undefined || value === null) return ZERO_TIME;
  const time = typeof value === 'string' ? parseTime(value) : undefined;
  if (time === undefined) throw new BatchFormatError(`${what} must be a time like "2006-01-02T15:04:05Z"`);
  return time;
}

function asTags(value: unknown, what: string): Tags {
  if (value === undefined || value === null) return Tags.none;
  return Tags.from(Object.entries(asObject(value, what)).map(([key, text]) => [key, asText(text, what)] as const));
}

function asFields(value: unknown): { layout: Layout; values: FieldValue[] } {
  if (value === undefined || value === null) return { layout: Layout.empty, values: [] };
  const fields = new Map<string, FieldValue>();
  for (const [name, field] of Object.entries(asObject(value, 'fields'))) {
    if (field === null) continue;
    if (typeof field !== 'number' && typeof field !== 'string' && typeof field !== 'boolean') {
      throw new BatchFormatError(`field ${name} must be a number, a string, true or false`);
    }
    fields.set(name, field);
  }
  const layout = Layout.of(fields.keys());
  return { layout, values: layout.names.map((name) => fields.get(name)!) };
}
