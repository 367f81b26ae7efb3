import type { BlockBuilder } from './block-builder';
import { type ColumnBuilder, Kind } from './column-builder';
import { EntryBuilder } from './entry-builder';
import { NO_TIME } from './entry-format';
import { FieldScan } from './field-scan';
import { type FieldSequence, FieldSequences } from './field-sequence';
import { readBool, readFloat, readInt, readString } from './field-values';
import { endOfLine, LineErrors } from './line-error';
import { LineSeries } from './line-series';
import { type Precision, FRACTION_DIGITS, SECONDS_PER_UNIT } from './precision';
import { parseSeriesKey } from './series-key';
import { RepeatedTime } from './repeated-time';
import { storeBigInt, storeInt64 } from './time-parts';

const COMMA = 44;
const BLANK = 32;
const NEWLINE = 10;
const TAB = 9;
const HASH = 35;
const MINUS = 45;

/** The digits of the largest int64. */
const INT64_DIGITS = 19;
/** The ends of 64 bits mean something else to InfluxDB. */
const OUT_OF_RANGE = 'time outside range -9223372036854775806 - 9223372036854775806';

export interface ReadOptions {
  readonly precision: Precision;
  /** Nanoseconds: the time of points that have none. */
  readonly now: bigint;
  readonly db: string;
  readonly rp: string;
}

/** What a body was: an entry for the write log (empty without points), or one line of text per bad line. */
export type ReadResult =
  { readonly entry: Uint8Array; readonly points: number } | { readonly errors: readonly string[] };

export interface ReaderLimits {
  /** Series remembered from one body to the next. */
  readonly series: number;
  /** Field names and columns remembered from one body to the next. */
  readonly fields: number;
  /** Different field names and columns within one body; lines beyond are refused. */
  readonly fieldsPerBody: number;
  /** Bytes of memory kept from one body to the next. */
  readonly bytes: number;
}

const DEFAULT_LIMITS: ReaderLimits = {
  series: 200_000,
  fields: 100_000,
  fieldsPerBody: 500_000,
  bytes: 128 * 1024 * 1024,
};

/**
 * Reads bodies of line protocol into entries of the write log, in one pass over the bytes. What it learned from the lines
 * before (series, the fields that a series has) makes the next ones cheap, and is forgotten when it becomes too much.
 */
export class LineProtocolReader {
  private readonly limits: ReaderLimits;
  private readonly builder = new EntryBuilder();
  private readonly series = new LineSeries();
  private readonly sequences = new FieldSequences();
  private readonly scan = new FieldScan();
  private readonly repeated = new RepeatedTime();

  private body = Buffer.alloc(0);
  private view = new DataView(new ArrayBuffer(0));
  private end = 0;
  /** Why the line cannot be read. */
  private reason = '';
  private fractionDigits = 9;
  private nanosPerFraction = 1;
  private secondsPerUnit = 1;
  private now = 0n;
  /** An estimate (never too low) of what the blocks hold. */
  private retainedBytes = 0;

  constructor(limits: Partial<ReaderLimits> = {}) {
    this.limits = { ...DEFAULT_LIMITS, ...limits };
  }

  read(body: Uint8Array, options: ReadOptions): ReadResult {
    this.forgetTooMuch();
    this.take(body);
    this.fractionDigits = FRACTION_DIGITS[options.precision];
    this.nanosPerFraction = 10 ** (9 - this.fractionDigits);
    this.secondsPerUnit = SECONDS_PER_UNIT[options.precision];
    this.now = options.now;
    const { builder } = this;
    builder.begin();
    this.repeated.forget();
    const errors = this.readLines();
    if (errors !== undefined) return { errors: errors.texts };
    if (builder.count === 0) return { entry: new Uint8Array(0), points: 0 };
    return { entry: builder.finish(options.db, options.rp), points: builder.count };
  }

  /** Copies the body to memory of our own that ends with a newline, so that no loop below needs to look for the end. */
  private take(body: Uint8Array): void {
    this.end = body.length;
    if (this.body.length < body.length + 16) {
      const buffer = new ArrayBuffer(
        Math.max(65_536, body.length + 16, Math.min(this.body.length * 2, this.limits.bytes)),
      );
      this.body = Buffer.from(buffer);
      this.view = new DataView(buffer);
    }
    this.body.set(body);
    this.body.fill(0, body.length, body.length + 16);
    this.body[body.length] = NEWLINE;
  }

  private readLines(): LineErrors | undefined {
    const { body, end } = this;
    let errors: LineErrors | undefined;
    let at = 0;
    while (at < end) {
      let c = body[at]!;
      while (c === BLANK || c === TAB || c === 0) c = body[++at]!;
      if (c === NEWLINE) {
        at++;
      } else if (c === HASH) {
        at = body.indexOf(NEWLINE, at) + 1;
      } else {
        const next = this.readLine(at);
        if (next >= 0) {
          at = next + 1;
          continue;
        }
        const lineEnd = endOfLine(body, at, end);
        errors ??= new LineErrors();
        errors.add(body, at, lineEnd, this.reason);
        at = lineEnd + 1;
      }
    }
    return errors;
  }

  /** Reads the line that begins at `start`; returns where it ends, or -1 and leaves the reason. */
  private readLine(start: number): number {
    const { body, series } = this;
    const key = series.find(body, this.view, start, this.end);
    if (key < 0) return this.fail(series.reason);
    let at = start + series.keyLength(key);
    let c = body[at]!;
    while (c === BLANK || c === TAB || c === 0) c = body[++at]!;

    const known = series.sequences[key];
    if (known !== undefined) {
      const end = this.readFields(known, key, at);
      if (end >= 0) return this.readTime(known.block, end);
      const { alternative } = known;
      if (alternative !== undefined) {
        const end = this.readFields(alternative, key, at);
        if (end >= 0) {
          this.series.sequences[key] = alternative;
          alternative.alternative = known;
          return this.readTime(alternative.block, end);
        }
      }
    }
    return this.readNewFields(key, known, start, at);
  }

  private readNewFields(key: number, known: FieldSequence | undefined, start: number, at: number): number {
    const problem = this.scan.scan(this.body, at, this.end);
    if (problem !== undefined) return this.fail(problem);
    if (this.sequences.fieldCount + this.scan.count > this.limits.fieldsPerBody) {
      return this.fail(`more than ${this.limits.fieldsPerBody} different fields in one write`);
    }
    const parsed = parseSeriesKey(this.body, start, start + this.series.keyLength(key));
    if (typeof parsed === 'string') return this.fail(parsed);
    const sequence = this.sequences.of(parsed.name, this.scan, this.body);
    const end = this.readFields(sequence, key, at);
    if (end < 0) return this.fail('invalid field format');
    if (known !== undefined && known !== sequence) sequence.alternative = known;
    this.series.sequences[key] = sequence;
    return this.readTime(sequence.block, end);
  }

  private fail(reason: string): -1 {
    this.reason = reason;
    return -1;
  }

  /** Fills the next row of the sequence's block; -1 if the line has other fields. The row counts once it has its time. */
  private readFields(sequence: FieldSequence, key: number, start: number): number {
    const { body, view, builder } = this;
    const { block, columns, words, lengths } = sequence;
    const row = builder.rowOf(block);
    if (row === block.capacity) this.retainedBytes += block.grow();
    let at = start;
    let word = 0;
    for (let i = 0; i < columns.length; i++) {
      if (i > 0 && body[at++] !== COMMA) return -1;
      let left = lengths[i]!;
      if (at + left > this.end) return -1;
      for (; left >= 4; left -= 4, at += 4) if (view.getUint32(at, true) !== words[word++]) return -1;
      if (left > 0) {
        if ((view.getUint32(at, true) & ((1 << (left * 8)) - 1)) !== words[word++]) return -1;
        at += left;
      }
      const column = columns[i]!;
      if (column.kind === Kind.float) at = readFloat(body, at, column, row);
      else at = this.readOther(column, at, row);
      if (at < 0) return -1;
    }
    if (body[at] === COMMA) return -1;
    block.series[row] = this.series.numberIn(builder, key);
    return at;
  }

  private readOther(column: ColumnBuilder, at: number, row: number): number {
    switch (column.kind) {
      case Kind.int:
        return readInt(this.body, at, column, row);
      case Kind.string: {
        const room = column.text.length;
        const end = readString(this.body, at, this.end, column, row);
        this.retainedBytes += column.text.length - room;
        return end;
      }
      default:
        return readBool(this.body, at, column, row);
    }
  }

  /** Reads the time, if there is one, and the end of the line. */
  private readTime(block: BlockBuilder, start: number): number {
    const { body, end, repeated } = this;
    const { times } = block;
    const target = this.builder.rowOf(block) * 2;
    let at = start;
    let c = body[at]!;
    while (c === BLANK || c === TAB || c === 0) c = body[++at]!;
    if (repeated.isAt(this.view, at, end)) {
      times[target] = repeated.low;
      times[target + 1] = repeated.high;
      this.builder.commitRow(block);
      return at + repeated.length;
    }
    const beginning = at;
    if (c === NEWLINE) {
      storeBigInt(times, target, this.now);
      if (this.now === NO_TIME) this.builder.hasZeroTimes = true;
      this.builder.commitRow(block);
      return at;
    }
    const negative = c === MINUS;
    if (negative) at++;
    let first = at;
    while (body[first] === 48) first++;
    let digitsEnd = first;
    while (body[digitsEnd]! >= 48 && body[digitsEnd]! <= 57) digitsEnd++;
    c = body[digitsEnd]!;
    if (digitsEnd === at || (c !== BLANK && c !== NEWLINE)) return this.fail('bad timestamp');
    if (!this.storeTime(times, target, negative, first, digitsEnd)) {
      return this.fail(timeProblem(body.toString('latin1', beginning, digitsEnd), digitsEnd - first));
    }
    if (c === NEWLINE) repeated.remember(beginning, digitsEnd, times[target]!, times[target + 1]!);
    at = digitsEnd;
    while (body[at] === BLANK) at++;
    if (at < end && body[at] !== NEWLINE) return this.fail('point is invalid');
    this.builder.commitRow(block);
    return at;
  }

  /** Stores a run of digits as a time; false if it does not fit. */
  private storeTime(times: Int32Array, target: number, negative: boolean, start: number, end: number): boolean {
    const { body } = this;
    if (end - start > INT64_DIGITS) return false;
    const split = Math.max(start, end - this.fractionDigits);
    let seconds = 0;
    for (let i = start; i < split; i++) seconds = seconds * 10 + body[i]! - 48;
    let fraction = 0;
    for (let i = split; i < end; i++) fraction = fraction * 10 + body[i]! - 48;
    return (
      storeInt64(times, target, negative, seconds * this.secondsPerUnit, fraction * this.nanosPerFraction) &&
      !isEndOfRange(times[target]!, times[target + 1]!)
    );
  }

  private forgetTooMuch(): void {
    const { series, sequences, builder, limits } = this;
    const bytes = this.body.length + series.capacityBytes + this.retainedBytes + builder.capacityBytes;
    if (series.size <= limits.series && sequences.fieldCount <= limits.fields && bytes <= limits.bytes) return;
    series.clear();
    sequences.clear();
    this.retainedBytes = 0;
    if (bytes <= limits.bytes) return;
    builder.release();
    this.body = Buffer.alloc(0);
    this.view = new DataView(new ArrayBuffer(0));
  }
}

/** Why digits are no time, as Go says it. A bigint is made of few digits only: what millions of them cost holds up everybody. */
function timeProblem(digits: string, significant: number): string {
  return significant <= INT64_DIGITS && isInt64(BigInt(digits))
    ? OUT_OF_RANGE
    : `strconv.ParseInt: parsing "${digits}": value out of range`;
}

const isInt64 = (value: bigint) => BigInt.asIntN(64, value) === value;

/** The smallest two int64, of which the first stands for the zero time in entries, and the largest. */
function isEndOfRange(low: number, high: number): boolean {
  return (high === -0x8000_0000 && low >= 0 && low < 2) || (high === 0x7fff_ffff && low === -1);
}
