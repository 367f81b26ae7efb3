import { Series } from '@supercap/data-model';
import { KeyTable } from './key-table';
import { decodeSeriesKey } from './series-key';

const MAX_BYTES = 256 * 1024 * 1024;

/** The series that came by, found by the bytes of their keys. When there are too many of them it starts over. */
export class SeriesTable {
  private readonly keys = new KeyTable();
  private series: Series[] = [];
  private nextId = 1;

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
    const hash = keys.hash(bytes, start, start + length);
    let key = keys.find(hash, view, start, start + length);
    if (key < 0) {
      const { name, tags } = decodeSeriesKey(bytes, start, start + length);
      key = keys.add(hash, bytes, start, start + length);
      this.series[key] = new Series(name, tags, this.nextId++);
    }
    keys.found(key);
    return this.series[key]!;
  }
}
