import { Batch, Layout, NotedGroup, Point, Tags } from '@supercap/data-model';

// What state costs, roughly, in bytes of memory. Of long lists only some elements are looked at, so that it takes the
// same time however much there is. Series, groups and layouts belong to all and cost nothing here.

const SLOT = 8;
const HEADER = 24;
const BIGINT = 24;
const MAP_ENTRY = 48;
/** Elements of a list that are looked at; half as many in each list of lists. */
const SAMPLE = 16;

/** The bytes that a value costs beside the slot in which it stands. */
export function sizeOf(value: unknown, sample = SAMPLE): number {
  switch (typeof value) {
    case 'string':
      return HEADER + value.length;
    case 'bigint':
      return BIGINT;
    case 'object':
      return value === null ? 0 : sizeOfObject(value, sample);
    default:
      return 0;
  }
}

function sizeOfObject(value: object, sample: number): number {
  if (Array.isArray(value)) return HEADER + value.length * SLOT + sizeOfElements(value, sample);
  if (value instanceof Tags || value instanceof Layout || value instanceof NotedGroup) return 0;
  if (value instanceof Map) return HEADER + value.size * MAP_ENTRY + sizeOfEntries(value, value.size, sample);
  if (value instanceof Set) return HEADER + value.size * MAP_ENTRY + sizeOfEntries(value, value.size, sample);
  if (ArrayBuffer.isView(value)) return 4 * HEADER + value.byteLength;
  if (value instanceof Point) return HEADER + 8 * SLOT + BIGINT + sizeOf(value.values, value.values.length);
  if (value instanceof Batch) return HEADER + 4 * SLOT + BIGINT + sizeOf(value.points, sample);
  let size = HEADER;
  const members = value as Record<string, unknown>;
  for (const key in members) size += SLOT + sizeOf(members[key], sample);
  return size;
}

function sizeOfElements(list: readonly unknown[], sample: number): number {
  const { length } = list;
  if (length === 0) return 0;
  const looked = Math.min(length, Math.max(1, sample));
  let size = 0;
  // Not by index: compiled code that loads from lists of doubles and of other values in one place turns the former into
  // the latter, and thereby boxes every number of the state that it only meant to look at.
  for (let i = 0; i < looked; i++) size += sizeOf(Reflect.get(list, Math.floor((i * length) / looked)), sample >>> 1);
  return (size / looked) * length;
}

/** The latest of a table are not reached without its first: these stand for all. */
function sizeOfEntries(entries: Iterable<unknown>, count: number, sample: number): number {
  if (count === 0) return 0;
  let size = 0;
  let looked = 0;
  for (const entry of entries) {
    size += sizeOf(entry, sample >>> 1);
    if (++looked >= Math.max(1, sample)) break;
  }
  return (size / looked) * count;
}
