import type { BlockBuilder } from './block-builder';
import { Kind, grown } from './column-builder';
import {
  aligned,
  BLOCK_HEADER_BYTES,
  Flag,
  Header,
  HEADER_BYTES,
  MAGIC,
  orderWidth,
  type Provenance,
} from './entry-format';

const TOO_LARGE = 0x7fff_ffff;

/** Gathers the series, the blocks and the order of one entry and writes it; its memory is used again for the next. */
export class EntryBuilder {
  /** Number of the entry that is being built. */
  entry = 0;
  count = 0;
  seriesCount = 0;
  /** The number of the block of each point. */
  order = new Uint32Array(1024);
  hasZeroTimes = false;
  private blocks: BlockBuilder[] = [];
  private keys = new Uint32Array(4096);
  private keyWords = 0;
  private keyLengths = new Uint32Array(256);

  begin(): void {
    this.entry++;
    this.count = 0;
    this.seriesCount = 0;
    this.keyWords = 0;
    this.hasZeroTimes = false;
    this.blocks = [];
  }

  /** Takes in a key from `words` (filled up with zeros) and returns the number of the series in this entry. */
  addSeries(words: Uint32Array, at: number, length: number): number {
    const count = (length + 3) >>> 2;
    if (this.keyWords + count > this.keys.length) {
      this.keys = grown(this.keys, Math.max(this.keys.length * 2, this.keyWords + count));
    }
    const { keys } = this;
    let to = this.keyWords;
    for (let i = at, end = at + count; i < end; i++) keys[to++] = words[i]!;
    this.keyWords = to;
    if (this.seriesCount === this.keyLengths.length) this.keyLengths = grown(this.keyLengths, this.seriesCount * 2);
    this.keyLengths[this.seriesCount] = length;
    return this.seriesCount++;
  }

  /** The row of a block to fill in next. */
  rowOf(block: BlockBuilder): number {
    return block.entry === this.entry ? block.count : 0;
  }

  /** Counts a point whose row was filled in. */
  commitRow(block: BlockBuilder): void {
    if (block.entry === this.entry) {
      block.count++;
    } else {
      block.entry = this.entry;
      block.count = 1;
      block.number = this.blocks.length;
      this.blocks.push(block);
    }
    if (this.count === this.order.length) this.order = grown(this.order, this.count * 2);
    this.order[this.count++] = block.number;
  }

  /** Gives back the memory that large entries needed. */
  release(): void {
    this.blocks = [];
    this.order = new Uint32Array(1024);
    this.keys = new Uint32Array(4096);
    this.keyLengths = new Uint32Array(256);
  }

  get capacityBytes(): number {
    return this.order.byteLength + this.keys.byteLength + this.keyLengths.byteLength;
  }

  /** The bytes of the entry: eight-byte aligned memory of its own. */
  finish(db: string, rp: string, provenance?: Provenance): Uint8Array {
    const origin = provenance === undefined ? '' : JSON.stringify(provenance);
    const texts = Buffer.from(db + rp + origin);
    const wide = this.seriesCount > 0x1_0000;
    const width = orderWidth(this.blocks.length);
    let size = HEADER_BYTES + aligned(texts.length) + aligned(this.seriesCount * 4) + aligned(this.keyWords * 4);
    size += aligned(this.count * width);
    for (const block of this.blocks) size += blockBytes(block, wide);
    if (size > TOO_LARGE) throw new RangeError(`an entry of ${size} bytes is too large for the write log`);

    const buffer = new ArrayBuffer(size);
    const bytes = new Uint8Array(buffer);
    const header = new Uint32Array(buffer, 0, HEADER_BYTES / 4);
    header[Header.magic] = MAGIC;
    header[Header.byteLength] = size;
    header[Header.count] = this.count;
    header[Header.series] = this.seriesCount;
    header[Header.blocks] = this.blocks.length;
    header[Header.flags] = (wide ? Flag.wideSeries : 0) | (this.hasZeroTimes ? Flag.zeroTimes : 0);
    header[Header.db] = Buffer.byteLength(db);
    header[Header.rp] = Buffer.byteLength(rp);
    header[Header.provenance] = Buffer.byteLength(origin);
    header[Header.keys] = this.keyWords * 4;

    let at = HEADER_BYTES;
    bytes.set(texts, at);
    at += aligned(texts.length);
    new Uint32Array(buffer, at, this.seriesCount).set(this.keyLengths.subarray(0, this.seriesCount));
    at += aligned(this.seriesCount * 4);
    new Uint32Array(buffer, at, this.keyWords).set(this.keys.subarray(0, this.keyWords));
    at += aligned(this.keyWords * 4);
    if (width !== 0) {
      const Order = width === 1 ? Uint8Array : width === 2 ? Uint16Array : Uint32Array;
      new Order(buffer, at, this.count).set(this.order.subarray(0, this.count));
      at += aligned(this.count * width);
    }
    for (const block of this.blocks) at = writeBlock(block, buffer, bytes, at, wide);
    return bytes;
  }
}

function blockBytes(block: BlockBuilder, wide: boolean): number {
  const rows = block.count;
  let size = BLOCK_HEADER_BYTES + aligned(block.schema.length) + aligned(rows * (wide ? 4 : 2)) + rows * 8;
  for (const column of block.columns) {
    if (column.kind === Kind.string) size += aligned(rows * 4) + aligned(column.textLength(rows));
    else if (column.kind === Kind.bool) size += aligned(rows);
    else size += rows * 8;
  }
  return size;
}

function writeBlock(block: BlockBuilder, buffer: ArrayBuffer, bytes: Uint8Array, start: number, wide: boolean): number {
  const rows = block.count;
  let at = start;
  const header = new Uint32Array(buffer, at, BLOCK_HEADER_BYTES / 4);
  header[0] = rows;
  header[1] = block.columns.length;
  header[2] = block.schema.length;
  at += BLOCK_HEADER_BYTES;
  bytes.set(block.schema, at);
  at += aligned(block.schema.length);
  const Numbers = wide ? Uint32Array : Uint16Array;
  new Numbers(buffer, at, rows).set(block.series.subarray(0, rows));
  at += aligned(rows * (wide ? 4 : 2));
  new Int32Array(buffer, at, rows * 2).set(block.times.subarray(0, rows * 2));
  at += rows * 8;
  for (const column of block.columns) {
    switch (column.kind) {
      case Kind.float:
        new Float64Array(buffer, at, rows).set(column.floats.subarray(0, rows));
        at += rows * 8;
        break;
      case Kind.string: {
        const length = column.textLength(rows);
        new Uint32Array(buffer, at, rows).set(column.ends.subarray(0, rows));
        at += aligned(rows * 4);
        bytes.set(column.text.subarray(0, length), at);
        at += aligned(length);
        break;
      }
      case Kind.bool:
        bytes.set(column.bools.subarray(0, rows), at);
        at += aligned(rows);
        break;
      default:
        new Int32Array(buffer, at, rows * 2).set(column.ints.subarray(0, rows * 2));
        at += rows * 8;
    }
  }
  return at;
}
