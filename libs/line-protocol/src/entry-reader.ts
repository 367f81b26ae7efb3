import { Layout, type Point, type Series } from '@supercap/data-model';
import { Block, type Column, type Schema, StringColumn } from './block';
import { Kind } from './column-builder';
import {
  aligned,
  BLOCK_HEADER_BYTES,
  EntryFormatError,
  Flag,
  Header,
  HEADER_BYTES,
  MAGIC,
  orderWidth,
  type Provenance,
} from './entry-format';
import { SeriesTable } from './series-table';

/** The points of one write, in the order in which they were written. */
export class Entry {
  constructor(
    readonly db: string,
    readonly rp: string,
    readonly count: number,
    readonly provenance: Provenance | undefined,
    readonly series: readonly Series[],
    readonly blocks: readonly Block[],
    /** By point: the block that it is in. Missing when there is one block. */
    readonly order: Uint8Array | Uint16Array | Uint32Array | undefined,
  ) {}

  /** Calls back for every point, in order, with its block and its row there. */
  forEach(callback: (block: Block, row: number) => void): void {
    const { blocks, order } = this;
    if (order === undefined) {
      const block = blocks[0];
      for (let row = 0; row < this.count; row++) callback(block!, row);
      return;
    }
    const rows = new Uint32Array(blocks.length);
    for (let i = 0; i < order.length; i++) {
      const number = order[i]!;
      callback(blocks[number]!, rows[number]!++);
    }
  }

  /** All points, in order. */
  points(): Point[] {
    const points: Point[] = [];
    this.forEach((block, row) => points.push(block.pointAt(row)));
    return points;
  }
}

const MAX_SCHEMAS = 20_000;

/** Reads entries of the write log. Series and schemas are interned over all entries that one reader reads. */
export class EntryReader {
  private readonly table: SeriesTable;
  private schemas = new Map<string, Schema>();

  /** `maxSeries`: how many series are remembered before it starts over. */
  constructor(options: { maxSeries?: number } = {}) {
    this.table = new SeriesTable(options.maxSeries);
  }

  /** Throws EntryFormatError if the bytes are not an entry. The columns are views of the entry's memory where it is aligned. */
  read(entry: Uint8Array): Entry {
    this.table.forgetTooMuch();
    try {
      return new Cursor(entry, this.table, (text) => this.schema(text)).entry();
    } catch (error) {
      if (error instanceof EntryFormatError) throw error;
      // Lengths and JSON that make no sense.
      throw new EntryFormatError(String(error));
    }
  }

  private schema(text: string): Schema {
    let schema = this.schemas.get(text);
    if (schema === undefined) {
      schema = parseSchema(text);
      if (this.schemas.size >= MAX_SCHEMAS) this.schemas = new Map();
      this.schemas.set(text, schema);
    }
    return schema;
  }
}

function parseSchema(text: string): Schema {
  const [name, kinds, names] = JSON.parse(text) as [string, string, string[]];
  if (kinds.length !== names.length) throw new EntryFormatError('kinds do not match the names');
  return { name, layout: Layout.ofSorted(names), kinds: Array.from(kinds, Number) as Kind[] };
}

/** One pass over the sections of an entry. */
class Cursor {
  private readonly bytes: Buffer;
  private readonly buffer: ArrayBufferLike;
  private readonly origin: number;
  private at = 0;

  constructor(
    entry: Uint8Array,
    private readonly table: SeriesTable,
    private readonly schema: (text: string) => Schema,
  ) {
    // Views of eight-byte numbers need aligned memory; buffers from a socket rarely are.
    const source = entry.byteOffset % 8 === 0 ? entry : new Uint8Array(entry);
    this.buffer = source.buffer;
    this.origin = source.byteOffset;
    this.bytes = Buffer.from(source.buffer, source.byteOffset, source.length);
  }

  entry(): Entry {
    const { bytes } = this;
    if (bytes.length < HEADER_BYTES) throw new EntryFormatError('too short');
    const header = new Uint32Array(this.buffer, this.origin, HEADER_BYTES / 4);
    if (header[Header.magic] !== MAGIC) throw new EntryFormatError('unknown format or version');
    if (header[Header.byteLength] !== bytes.length) {
      throw new EntryFormatError(`${bytes.length} bytes instead of ${header[Header.byteLength]}`);
    }
    this.at = HEADER_BYTES;
    const dbLength = header[Header.db]!;
    const rpLength = header[Header.rp]!;
    const originLength = header[Header.provenance]!;
    const texts = this.take(dbLength + rpLength + originLength);
    const db = bytes.toString('utf8', texts, texts + dbLength);
    const rp = bytes.toString('utf8', texts + dbLength, texts + dbLength + rpLength);
    const origin = texts + dbLength + rpLength;
    const provenance =
      originLength === 0
        ? undefined
        : (JSON.parse(bytes.toString('utf8', origin, origin + originLength)) as Provenance);
    const series = this.series(header[Header.series]!, header[Header.keys]!);
    const count = header[Header.count]!;
    const blockCount = header[Header.blocks]!;
    const order = this.order(count, blockCount);
    const flags = header[Header.flags]!;
    const blocks: Block[] = [];
    for (let i = 0; i < blockCount; i++) blocks.push(this.block(db, rp, series, flags));
    checkOrder(order, blocks, count);
    return new Entry(db, rp, count, provenance, series, blocks, order);
  }

  /** The start of a section of so many bytes. */
  private take(length: number): number {
    const start = this.at;
    if (start + length > this.bytes.length) throw new EntryFormatError('a section goes beyond the end');
    this.at = start + aligned(length);
    return start;
  }

  private u32(length: number): Uint32Array {
    return new Uint32Array(this.buffer, this.origin + this.take(length * 4), length);
  }

  private series(count: number, keyBytes: number): Series[] {
    const { bytes, table } = this;
    const lengths = this.u32(count);
    let at = this.take(keyBytes);
    const end = at + keyBytes;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const series: Series[] = new Array<Series>(count);
    for (let i = 0; i < count; i++) {
      const length = lengths[i]!;
      if (at + length > end) throw new EntryFormatError('a series goes beyond its section');
      series[i] = table.get(bytes, view, at, length);
      at += (length + 3) & ~3;
    }
    return series;
  }

  private order(count: number, blocks: number): Uint8Array | Uint16Array | Uint32Array | undefined {
    const width = orderWidth(blocks);
    if (width === 0) return undefined;
    const start = this.origin + this.take(count * width);
    if (width === 1) return new Uint8Array(this.buffer, start, count);
    return width === 2 ? new Uint16Array(this.buffer, start, count) : new Uint32Array(this.buffer, start, count);
  }

  private block(db: string, rp: string, series: readonly Series[], flags: number): Block {
    const { bytes, buffer, origin } = this;
    const [rows, columns, schemaLength] = this.u32(BLOCK_HEADER_BYTES / 4) as unknown as [number, number, number];
    const schemaStart = this.take(schemaLength);
    const schema = this.schema(bytes.toString('utf8', schemaStart, schemaStart + schemaLength));
    if (columns !== schema.kinds.length) throw new EntryFormatError('columns do not match the schema');
    const numbers =
      (flags & Flag.wideSeries) !== 0 ? this.u32(rows) : new Uint16Array(buffer, origin + this.take(rows * 2), rows);
    for (let row = 0; row < rows; row++) {
      if (numbers[row]! >= series.length) throw new EntryFormatError('a row names a series that is not there');
    }
    const times = this.int64s(rows);
    const stored = schema.kinds.map((kind) => this.column(kind, rows));
    return new Block(schema, db, rp, series, numbers, times, stored, (flags & Flag.zeroTimes) !== 0);
  }

  private int64s(rows: number): BigInt64Array {
    return new BigInt64Array(this.buffer, this.origin + this.take(rows * 8), rows);
  }

  private column(kind: Kind, rows: number): Column | StringColumn {
    switch (kind) {
      case Kind.float:
        return new Float64Array(this.buffer, this.origin + this.take(rows * 8), rows);
      case Kind.bool:
        return new Uint8Array(this.buffer, this.origin + this.take(rows), rows);
      case Kind.string: {
        const ends = this.u32(rows);
        let last = 0;
        for (let row = 0; row < rows; row++) {
          if (ends[row]! < last) throw new EntryFormatError('a string ends before it begins');
          last = ends[row]!;
        }
        return new StringColumn(this.bytes, this.take(last), ends);
      }
      default:
        return this.int64s(rows);
    }
  }
}

function checkOrder(order: ArrayLike<number> | undefined, blocks: readonly Block[], count: number): void {
  if (order === undefined) {
    if ((blocks[0]?.count ?? 0) !== count) throw new EntryFormatError('the points do not match the block');
    return;
  }
  const rows = new Uint32Array(blocks.length);
  for (let i = 0; i < count; i++) {
    const number = order[i]!;
    if (number >= blocks.length || ++rows[number]! > blocks[number]!.count) {
      throw new EntryFormatError('the order does not match the blocks');
    }
  }
}
