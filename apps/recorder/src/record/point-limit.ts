import type { Point, Time } from '@supercap/data-model';
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
  admit({ time }: Point): boolean {
    if (this.first === undefined) this.begin(time);
    return this.last === undefined || time <= this.last;
  }

  private begin(first: Time): void {
    this.first = first;
    if (this.order.duration !== undefined) this.last = first + BigInt(this.order.duration);
  }
}

const pair = (db: string, rp: string) => `${db}\n${rp}`;
