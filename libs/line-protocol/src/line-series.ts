import { grown } from './column-builder';
import type { EntryBuilder } from './entry-builder';
import type { FieldSequence } from './field-sequence';
import { KeyTable } from './key-table';
import { encodePlainKey, encodeSeriesKey, endOfKey, MAX_KEY_LENGTH, parseSeriesKey } from './series-key';

const BLANK = 32;
const COMMA = 44;
const BACKSLASH = 92;

/**
 * The series as they stand at the beginning of lines, and what the reader knows of each: its key in entries, its number
 * in the entry that is being built, and the fields that it had last.
 */
export class LineSeries {
  /** By series: the fields of its last line. */
  sequences: (FieldSequence | undefined)[] = [];
  /** Why the last key could not be read. */
  reason = '';
  private readonly keys = new KeyTable();
  private entryKeyAt = new Uint32Array(256);
  private entryKeyLength = new Uint32Array(256);
  private lastEntry = new Int32Array(256);
  private numbers = new Uint32Array(256);
  private readonly plainKey = new Uint8Array(MAX_KEY_LENGTH);
  private previous = -1;

  get size(): number {
    return this.keys.size;
  }

  get capacityBytes(): number {
    return this.keys.capacityBytes + this.numbers.byteLength * 4;
  }

  clear(): void {
    this.keys.clear();
    this.sequences = [];
    this.entryKeyAt = new Uint32Array(256);
    this.entryKeyLength = new Uint32Array(256);
    this.lastEntry = new Int32Array(256);
    this.numbers = new Uint32Array(256);
    this.previous = -1;
  }

  /** Length of the text of the series' key. */
  keyLength(series: number): number {
    return this.keys.lengths[series]!;
  }

  /** The series whose key begins at `start`, -1 (and the reason) if there is no key. */
  find(body: Buffer, view: DataView, start: number, end: number): number {
    const { keys } = this;
    let series = keys.predicted();
    if (series < 0 || !keys.isAt(series, view, start) || body[start + keys.lengths[series]!] !== BLANK) {
      const keyEnd = endOfKey(body, start, end);
      const hash = keys.hash(view, start, keyEnd);
      series = keys.find(hash, view, start, keyEnd);
      if (series < 0 || body[keyEnd] !== BLANK) series = this.add(body, view, start, keyEnd, hash);
      if (series < 0) return -1;
    }
    keys.found(series);
    this.previous = series;
    return series;
  }

  /** The number of the series in the entry. */
  numberIn(builder: EntryBuilder, series: number): number {
    if (this.lastEntry[series] !== builder.entry) {
      this.lastEntry[series] = builder.entry;
      this.numbers[series] = builder.addSeries(this.keys.words, this.entryKeyAt[series]!, this.entryKeyLength[series]!);
    }
    return this.numbers[series]!;
  }

  private add(body: Buffer, view: DataView, start: number, end: number, hash: number): number {
    const { keys, plainKey } = this;
    if (body[end] === BLANK && end - start <= MAX_KEY_LENGTH && encodePlainKey(body, start, end, plainKey)) {
      const series = keys.add(hash, body, start, end);
      this.describe(series, plainKey, end - start);
      this.sequences[series] = this.neighbourSequence(body, view, start, end);
      return series;
    }
    const parsed = parseSeriesKey(body, start, end);
    if (typeof parsed === 'string' || body[end] !== BLANK) {
      this.reason = typeof parsed === 'string' ? parsed : 'missing fields';
      return -1;
    }
    const series = keys.add(hash, body, start, end);
    const entryKey = encodeSeriesKey(parsed.name, parsed.tags);
    this.describe(series, entryKey, entryKey.length);
    this.sequences[series] = undefined;
    return series;
  }

  private describe(series: number, entryKey: Uint8Array, length: number): void {
    if (series >= this.numbers.length) {
      this.entryKeyAt = grown(this.entryKeyAt, series * 2);
      this.entryKeyLength = grown(this.entryKeyLength, series * 2);
      this.lastEntry = grown(this.lastEntry, series * 2);
      this.numbers = grown(this.numbers, series * 2);
    }
    this.entryKeyAt[series] = this.keys.store(entryKey, 0, length);
    this.entryKeyLength[series] = length;
    this.lastEntry[series] = 0;
  }

  /** A new series most likely has the fields of the line before, if that is of the same measurement. */
  private neighbourSequence(body: Buffer, view: DataView, start: number, end: number): FieldSequence | undefined {
    const { keys, previous } = this;
    if (previous < 0) return undefined;
    let at = start;
    while (at < end && body[at] !== COMMA) if (body[at++] === BACKSLASH) return undefined;
    const length = at - start;
    const known = keys.lengths[previous]!;
    if (known < length || !keys.isAt(previous, view, start, length)) return undefined;
    return known === length || keys.byteAt(previous, length) === COMMA ? this.sequences[previous] : undefined;
  }
}
