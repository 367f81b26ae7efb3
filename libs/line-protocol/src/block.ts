import {
  DurationValue,
  type FieldValue,
  floatList,
  type Group,
  type Layout,
  nilGroup,
  Point,
  type Series,
  TimeValue,
  ZERO_TIME,
} from '@supercap/data-model';
import { Kind } from './column-builder';
import { NO_TIME } from './entry-format';

/** float: Float64Array; int, duration (ns) and time (ns): BigInt64Array; bool: Uint8Array of 0 and 1; string: strings. */
export type Column = Float64Array | BigInt64Array | Uint8Array | readonly string[];

/** A measurement's fields and their kinds; interned. */
export interface Schema {
  readonly name: string;
  readonly layout: Layout;
  readonly kinds: readonly Kind[];
}

/** Where the values of a string column are; they become strings when somebody asks. */
export class StringColumn {
  constructor(
    private readonly bytes: Buffer,
    private readonly start: number,
    private readonly ends: Uint32Array,
  ) {}

  decode(): string[] {
    const { bytes, start, ends } = this;
    const strings: string[] = new Array<string>(ends.length);
    let from = start;
    for (let row = 0; row < ends.length; row++) {
      const end = start + ends[row]!;
      // Values often repeat from row to row: one string serves them all.
      const length = end - from;
      const same =
        row > 0 &&
        length === from - this.startOf(row - 1) &&
        bytes.compare(bytes, from, end, from - length, from) === 0;
      strings[row] = same ? strings[row - 1]! : bytes.toString('utf8', from, end);
      from = end;
    }
    return strings;
  }

  private startOf(row: number): number {
    return row === 0 ? this.start : this.start + this.ends[row - 1]!;
  }
}

/** The points of an entry that share measurement, field names and field types, as columns; rows are in order of writing. */
export class Block {
  readonly name: string;
  readonly layout: Layout;
  readonly kinds: readonly Kind[];
  readonly count: number;
  private readonly floatsOnly: boolean;
  /** The halves of the times. */
  private readonly timeWords: Int32Array;
  /** The row whose time was made last: its neighbours mostly have the same one, and one bigint serves them all. */
  private timeRow = 0;
  private time: bigint | undefined;

  constructor(
    schema: Schema,
    private readonly db: string,
    private readonly rp: string,
    /** The series of the entry, which `series` counts through. */
    private readonly entrySeries: readonly Series[],
    /** By row: the place of its series in the entry's list. */
    readonly series: Uint16Array | Uint32Array,
    /** By row: nanoseconds. */
    readonly times: BigInt64Array,
    private readonly stored: (Column | StringColumn)[],
    private readonly zeroTimes: boolean,
  ) {
    this.name = schema.name;
    this.layout = schema.layout;
    this.kinds = schema.kinds;
    this.count = times.length;
    this.floatsOnly = schema.kinds.every((kind) => kind === Kind.float);
    this.timeWords = new Int32Array(times.buffer, times.byteOffset, times.length * 2);
  }

  /** The values of a field by row, at its slot in the layout. */
  column(slot: number): Column {
    const column = this.stored[slot]!;
    if (!(column instanceof StringColumn)) return column;
    const strings = column.decode();
    this.stored[slot] = strings;
    return strings;
  }

  get columns(): readonly Column[] {
    return this.stored.map((_, slot) => this.column(slot));
  }

  seriesAt(row: number): Series {
    return this.entrySeries[this.series[row]!]!;
  }

  value(slot: number, row: number): FieldValue {
    const value = this.column(slot)[row]!;
    switch (this.kinds[slot]!) {
      case Kind.bool:
        return value === 1;
      case Kind.duration:
        return new DurationValue(value as bigint);
      case Kind.time:
        return new TimeValue(value as bigint);
      default:
        return value;
    }
  }

  timeAt(row: number): bigint {
    const { timeWords: words, timeRow } = this;
    if (
      this.time !== undefined &&
      words[row * 2] === words[timeRow * 2] &&
      words[row * 2 + 1] === words[timeRow * 2 + 1]
    )
      return this.time;
    const time = this.times[row]!;
    this.timeRow = row;
    return (this.time = this.zeroTimes && time === NO_TIME ? ZERO_TIME : time);
  }

  pointAt(row: number, group: Group = nilGroup): Point {
    const { tags } = this.entrySeries[this.series[row]!]!;
    const values = this.floatsOnly ? this.floatsAt(row) : this.valuesAt(row);
    return new Point(this.name, this.db, this.rp, group, tags, this.layout, values, this.timeAt(row));
  }

  private floatsAt(row: number): number[] {
    const columns = this.stored as Float64Array[];
    const values = floatList(columns.length);
    for (let slot = 0; slot < columns.length; slot++) values[slot] = columns[slot]![row]!;
    return values;
  }

  private valuesAt(row: number): FieldValue[] {
    const { stored, kinds } = this;
    const values = new Array<FieldValue>(kinds.length);
    for (let slot = 0; slot < kinds.length; slot++) {
      values[slot] = kinds[slot] === Kind.float ? (stored[slot] as Float64Array)[row]! : this.value(slot, row);
    }
    return values;
  }
}
