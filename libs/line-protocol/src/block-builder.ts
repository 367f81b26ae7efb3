import { type ColumnBuilder, grown } from './column-builder';

/** The rows of one measurement and field layout, growing; used again for the next entry that has such rows. */
export class BlockBuilder {
  count = 0;
  capacity = 0;
  /** The entry that the rows belong to; rows of an older entry are void. */
  entry = -1;
  /** Number of this block in the entry. */
  number = 0;
  series = new Uint32Array(0);
  /** int64 nanoseconds as pairs: low half, high half. */
  times = new Int32Array(0);
  readonly schema: Uint8Array;
  private readonly unused: ColumnBuilder[] = [];

  /** `columns` sorted by name, names distinct. */
  constructor(
    readonly name: string,
    readonly columns: readonly ColumnBuilder[],
  ) {
    this.schema = Buffer.from(JSON.stringify([name, columns.map((c) => c.kind).join(''), columns.map((c) => c.name)]));
  }

  /** Gives room to a column whose values are read and not kept. */
  attach(column: ColumnBuilder): void {
    column.reserve(this.capacity);
    this.unused.push(column);
  }

  /** Makes room for more rows; returns how many bytes the block takes then. */
  grow(): number {
    this.capacity = Math.max(4, this.capacity * 2);
    this.series = grown(this.series, this.capacity);
    this.times = grown(this.times, this.capacity * 2);
    for (const column of this.columns) column.reserve(this.capacity);
    for (const column of this.unused) column.reserve(this.capacity);
    return this.capacity * (12 + 8 * (this.columns.length + this.unused.length));
  }
}
