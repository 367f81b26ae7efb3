import type { Time } from '@supercap/data-model';
import type { Entry } from '@supercap/line-protocol';
import type { RecordingOrder } from '@supercap/storage';

export type StreamOrder = Extract<RecordingOrder, { kind: 'stream' }>;

/** Which points of the stream a recording takes, and which one ends it. */
export class PointLimit {
  private readonly pairs: ReadonlySet<string>;
  private readonly measurements: ReadonlySet<string> | undefined;
  private last: Time | undefined;

  constructor(
    private readonly order: StreamOrder,
    public first: Time | undefined,
  ) {
    this.pairs = new Set(order.dbrps.map(({ db, rp }) => pair(db, rp)));
    this.measurements = order.measurements.length === 0 ? undefined : new Set(order.measurements);
    if (order.stop !== undefined) this.last = BigInt(order.stop);
    if (first !== undefined) this.begin(first);
  }

  takesFrom(db: string, rp: string): boolean {
    return this.pairs.has(pair(db, rp));
  }

  takes(measurement: string): boolean {
    return this.measurements === undefined || this.measurements.has(measurement);
  }

  /** False: the point is late, the recording ends before it. */
  admit(time: Time): boolean {
    if (this.first === undefined) this.begin(time);
    return this.last === undefined || time <= this.last;
  }

  /** Whether a point of an entry ends the recording. */
  endsIn(entry: Entry): boolean {
    if (this.first === undefined) this.beginIn(entry);
    const { last } = this;
    if (last === undefined) return false;
    for (const block of entry.blocks) {
      if (!this.takes(block.name)) continue;
      for (let row = 0; row < block.count; row++) if (block.timeAt(row) > last) return true;
    }
    return false;
  }

  private beginIn(entry: Entry): void {
    // One that comes first in a block may not come first in the entry.
    entry.forEach((block, row) => {
      if (this.first === undefined && this.takes(block.name)) this.begin(block.timeAt(row));
    });
  }

  private begin(first: Time): void {
    this.first = first;
    if (this.order.duration !== undefined) this.last = first + BigInt(this.order.duration);
  }
}

const pair = (db: string, rp: string) => `${db}\n${rp}`;
