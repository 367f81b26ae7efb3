import { Series, Tags } from '@supercap/data-model';
import { KeyTable } from './key-table';
import { decodeSeriesKey } from './series-key';

const MAX_BYTES = 256 * 1024 * 1024;

/** The series that came by, found by the bytes of their keys. When there are too many of them it starts over. */
export class SeriesTable {
  private readonly keys = new KeyTable();
  private series: Series[] = [];
  private nextId = 1;
  private lastMade: Series | undefined;

  constructor(private readonly limit = 500_000) {}

  get size(): number {
    return this.keys.size;
  }

  /** Call between entries: within one, all series stay. */
  forgetTooMuch(): void {
    if (this.keys.size <= this.limit && this.keys.capacityBytes <= MAX_BYTES) return;
    this.keys.clear();
    this.series = [];
  }

  get(bytes: Buffer, view: DataView, start: number, length: number): Series {
    const { keys } = this;
    const predicted = keys.predicted();
    if (predicted >= 0 && keys.lengths[predicted] === length && keys.isAt(predicted, view, start)) {
      keys.found(predicted);
      return this.series[predicted]!;
    }
    const hash = keys.hash(view, start, start + length);
    let key = keys.find(hash, view, start, start + length);
    if (key < 0) {
      key = keys.add(hash, bytes, start, start + length);
      this.series[key] = this.make(decodeSeriesKey(bytes, start, start + length));
    }
    keys.found(key);
    return this.series[key]!;
  }

  /** Neighbours share strings: the names of their tags and most values are the same. */
  private make(parts: readonly string[]): Series {
    const before = this.lastMade;
    const name = before?.name === parts[0] ? before!.name : parts[0]!;
    const count = (parts.length - 1) >>> 1;
    const values: string[] = [];
    let sameKeys = before !== undefined && before.tags.keys.length === count;
    for (let i = 0; i < count; i++) {
      if (sameKeys && before!.tags.keys[i] !== parts[1 + 2 * i]) sameKeys = false;
      const value = parts[2 + 2 * i]!;
      const shared = before?.tags.values[i];
      values.push(shared === value ? shared : value);
    }
    const keys = sameKeys ? before!.tags.keys : values.map((_, i) => parts[1 + 2 * i]!);
    this.lastMade = new Series(name, Tags.ofSorted(keys, values), this.nextId++);
    return this.lastMade;
  }
}
