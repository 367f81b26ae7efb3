import { Batch, groupOf, Layout, parseTime, Point, Tags, type FieldValue, type Time } from '@supercap/data-model';
import type { ResultSeries } from './influx-query';

export interface BatchOptions {
  readonly byName: boolean;
  /** Of the points. */
  readonly db: string;
  readonly rp: string;
  /** The end of the queried range; undefined, or when the query groups by time: that of the last point. */
  readonly end: Time | undefined;
}

/** The batch of a series of a result. Numbers are floats; what is null is left out, and so are rows of nothing else. */
export function batchOf(series: ResultSeries, { byName, db, rp, end }: BatchOptions): Batch {
  const tags = Tags.from(series.tags);
  const group = groupOf(byName, series.name, tags);
  const timeColumn = series.columns.indexOf('time');
  const points: Point[] = [];
  let latest: Time | undefined;
  for (const row of series.values) {
    const time = timeColumn < 0 ? undefined : timeOf(row[timeColumn]);
    if (time === undefined) continue;
    const fields = new Map<string, FieldValue>();
    series.columns.forEach((name, i) => {
      const value = row[i];
      if (i !== timeColumn && isField(value)) fields.set(name, value);
    });
    if (fields.size === 0) continue;
    const layout = Layout.of(fields.keys());
    points.push(
      new Point(
        series.name,
        db,
        rp,
        group,
        tags,
        layout,
        layout.names.map((name) => fields.get(name)!),
        time,
      ),
    );
    if (latest === undefined || time > latest) latest = time;
  }
  return new Batch(series.name, group, end ?? latest ?? 0n, points);
}

/** The points of several batches by their time; of those with the same time in the order of the batches. */
export function mergedPoints(batches: readonly Batch[]): Point[] {
  const points = batches.flatMap((batch) => batch.points);
  return points.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}

const isField = (value: unknown): value is number | string | boolean =>
  typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean';

function timeOf(value: unknown): Time | undefined {
  if (typeof value === 'string') return parseTime(value);
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined;
}
