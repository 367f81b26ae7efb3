import { DurationValue, type FieldValue, type Point, TimeValue } from '@supercap/data-model';
import { BlockBuilder } from './block-builder';
import { ColumnBuilder, Kind } from './column-builder';
import { EntryBuilder } from './entry-builder';
import { NO_TIME, type Provenance } from './entry-format';
import { encodeSeriesKey } from './series-key';
import { storeBigInt } from './time-parts';

/** The part of a point that goes into an entry. */
export type EntryPoint = Pick<Point, 'name' | 'tags' | 'layout' | 'values' | 'time'>;

const INT64_MIN = NO_TIME;
const INT64_MAX = 0x7fff_ffff_ffff_ffffn;

/**
 * The entry of points that do not come from line protocol. Null fields are left out, and points without other fields
 * too; a time beyond int64 becomes the zero time. `provenance` is for points that a task wrote back itself.
 */
export function encodeEntry(points: Iterable<EntryPoint>, db: string, rp: string, provenance?: Provenance): Uint8Array {
  const builder = new EntryBuilder();
  builder.begin();
  const blocks = new Map<string, BlockBuilder>();
  const numbers = new Map<string, number>();
  for (const point of points) {
    let kinds = '';
    for (const value of point.values) kinds += value === null ? '-' : kindOf(value);
    const schema = `${point.name}\0${kinds}\0${point.layout.names.join('\0')}`;
    let block = blocks.get(schema);
    if (block === undefined) {
      block = blockFor(point);
      blocks.set(schema, block);
    }
    if (block.columns.length === 0) continue;
    const row = builder.rowOf(block);
    if (row === block.capacity) block.grow();
    const key = Buffer.from(encodeSeriesKey(point.name, point.tags));
    const text = key.toString('latin1');
    let number = numbers.get(text);
    if (number === undefined) {
      const words = new Uint32Array((key.length + 3) >>> 2);
      new Uint8Array(words.buffer).set(key);
      number = builder.addSeries(words, 0, key.length);
      numbers.set(text, number);
    }
    block.series[row] = number;
    if (point.time <= INT64_MIN || point.time > INT64_MAX) {
      builder.hasZeroTimes = true;
      storeBigInt(block.times, row * 2, NO_TIME);
    } else {
      storeBigInt(block.times, row * 2, point.time);
    }
    let slot = 0;
    for (const value of point.values) if (value !== null) store(block.columns[slot++]!, row, value);
    builder.commitRow(block);
  }
  return builder.finish(db, rp, provenance);
}

function kindOf(value: Exclude<FieldValue, null>): Kind {
  switch (typeof value) {
    case 'number':
      return Kind.float;
    case 'bigint':
      return Kind.int;
    case 'string':
      return Kind.string;
    case 'boolean':
      return Kind.bool;
    default:
      return value instanceof DurationValue ? Kind.duration : Kind.time;
  }
}

function blockFor(point: EntryPoint): BlockBuilder {
  const columns: ColumnBuilder[] = [];
  point.values.forEach((value, slot) => {
    if (value !== null) columns.push(new ColumnBuilder(point.layout.names[slot]!, kindOf(value)));
  });
  return new BlockBuilder(point.name, columns);
}

function store(column: ColumnBuilder, row: number, value: Exclude<FieldValue, null>): void {
  switch (typeof value) {
    case 'number':
      column.floats[row] = value;
      break;
    case 'bigint':
      storeBigInt(column.ints, row * 2, value);
      break;
    case 'boolean':
      column.bools[row] = value ? 1 : 0;
      break;
    case 'string': {
      const start = column.textLength(row);
      const bytes = Buffer.from(value);
      column.reserveText(start + bytes.length);
      column.text.set(bytes, start);
      column.ends[row] = start + bytes.length;
      break;
    }
    default:
      storeBigInt(column.ints, row * 2, value instanceof TimeValue ? clampTime(value.ns) : value.ns);
  }
}

const clampTime = (ns: bigint) => (ns < INT64_MIN ? INT64_MIN : ns > INT64_MAX ? INT64_MAX : ns);
