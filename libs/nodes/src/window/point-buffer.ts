import { type FieldValue, type Group, Layout, Point, Tags, type Time } from '@supercap/data-model';
import { dropPoints, type MixedSeries, mixedSeries, type Series, seriesOfPoint, turnTo } from './mixed-series';

// The points of one group in order of arrival, as numbers: a million points in many groups must not be a million
// objects. Plain data, so that it can be saved. What has to be touched for one more point lies in one object and one
// list: with many groups, every further object costs a cache miss.

export interface PointBuffer extends Series {
  /** How many points there are. */
  size: number;
  /** Each point's time and then its values. The time counts from `base`; where a float cannot hold that, it is the time. */
  rows: FieldValue[];
  /** Rows in front of this have been dropped. */
  start: number;
  base: Time;
  /** The series of the points, where they are not all that of the last one. */
  mixed: MixedSeries | undefined;
}

const FAR = Number.MAX_SAFE_INTEGER;
/** Dropped rows shorter than this are not worth moving the rest. */
const COMPACT_FROM = 64;

export function newPointBuffer(): PointBuffer {
  return {
    size: 0,
    rows: [],
    start: 0,
    base: 0n,
    mixed: undefined,
    layout: Layout.empty,
    tags: Tags.none,
    name: '',
    db: '',
    rp: '',
  };
}

export function append(buffer: PointBuffer, point: Point): void {
  if (
    point.layout !== buffer.layout ||
    (point.tags !== buffer.tags && !point.tags.equals(buffer.tags)) ||
    point.name !== buffer.name ||
    point.db !== buffer.db ||
    point.rp !== buffer.rp
  ) {
    changeSeries(buffer, point);
  }
  if (buffer.size === 0) buffer.base = point.time;
  if (buffer.mixed !== undefined) buffer.mixed.seriesOf.push(buffer.mixed.last);
  buffer.size++;
  const { rows } = buffer;
  rows.push(offsetOf(point.time, buffer.base));
  const { values } = point;
  for (let i = 0; i < values.length; i++) rows.push(values[i]!);
}

function offsetOf(time: Time, base: Time): number | Time {
  const offset = Number(time - base);
  return offset <= FAR && offset >= -FAR ? offset : time;
}

function timeFrom(offset: FieldValue, base: Time): Time {
  return typeof offset === 'number' ? base + BigInt(offset) : (offset as Time);
}

function changeSeries(buffer: PointBuffer, point: Point): void {
  if (buffer.size > 0) {
    buffer.mixed ??= mixedSeries(buffer, buffer.size);
    turnTo(buffer.mixed, point);
  }
  setSeries(buffer, point);
}

function setSeries(buffer: PointBuffer, { layout, tags, name, db, rp }: Readonly<Series>): void {
  buffer.layout = layout;
  buffer.tags = tags;
  buffer.name = name;
  buffer.db = db;
  buffer.rp = rp;
}

/** The series of the `i`-th point. */
function seriesAt(buffer: PointBuffer, i: number): Readonly<Series> {
  return buffer.mixed === undefined ? buffer : seriesOfPoint(buffer.mixed, i);
}

/**
 * Drops points from the front, up to the first one that is at `time` or later (`inclusive`: later than `time`). What
 * arrived behind that one stays, however early its time is.
 */
export function dropBefore(buffer: PointBuffer, time: Time, inclusive = false): void {
  const { base, rows, size } = buffer;
  const limit = Number(time - base);
  let count = 0;
  for (let at = buffer.start; count < size; count++) {
    const offset = rows[at]!;
    if (typeof offset === 'number') {
      if (offset > limit || (offset === limit && !inclusive)) break;
    } else if ((offset as Time) > time || (offset === time && !inclusive)) break;
    at += 1 + seriesAt(buffer, count).layout.size;
  }
  drop(buffer, count);
}

/** Drops points from the front until at most `size` are left. */
export function dropToSize(buffer: PointBuffer, size: number): void {
  if (buffer.size > size) drop(buffer, buffer.size - size);
}

function drop(buffer: PointBuffer, count: number): void {
  if (count === 0) return;
  if (count === buffer.size) return clear(buffer);
  for (let i = 0; i < count; i++) buffer.start += 1 + seriesAt(buffer, i).layout.size;
  buffer.size -= count;
  if (buffer.mixed !== undefined) dropPoints(buffer.mixed, count);
  if (buffer.start >= COMPACT_FROM && buffer.start * 2 >= buffer.rows.length) compact(buffer);
}

function clear(buffer: PointBuffer): void {
  // The series of the last point stays: the next one is most likely of the same.
  buffer.size = 0;
  buffer.rows = [];
  buffer.start = 0;
  buffer.mixed = undefined;
}

/** Moves what is left to the front and lets times count from its first point. */
function compact(buffer: PointBuffer): void {
  const rows = buffer.rows.slice(buffer.start);
  const base = timeFrom(rows[0]!, buffer.base);
  let at = 0;
  for (let i = 0; i < buffer.size; i++) {
    rows[at] = offsetOf(timeFrom(rows[at]!, buffer.base), base);
    at += 1 + seriesAt(buffer, i).layout.size;
  }
  buffer.rows = rows;
  buffer.start = 0;
  buffer.base = base;
}

/** The points, in order of arrival, as points of `group`. */
export function pointsOf(buffer: PointBuffer, group: Group): Point[] {
  const { base, rows, size } = buffer;
  const points: Point[] = [];
  let at = buffer.start;
  for (let i = 0; i < size; i++) {
    const { name, db, rp, tags, layout } = seriesAt(buffer, i);
    const time = timeFrom(rows[at]!, base);
    const end = at + 1 + layout.size;
    points.push(new Point(name, db, rp, group, tags, layout, rows.slice(at + 1, end), time));
    at = end;
  }
  return points;
}
