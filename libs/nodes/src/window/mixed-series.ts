import type { Layout, Tags } from '@supercap/data-model';

// Which of several series each point of a buffer belongs to. Plain data.

/** What points of one series and layout share. */
export interface Series {
  name: string;
  db: string;
  rp: string;
  tags: Tags;
  layout: Layout;
}

interface ListedSeries extends Readonly<Series> {
  /** The next series with the same tags, -1 if there is none. */
  next: number;
}

export interface MixedSeries {
  series: ListedSeries[];
  /** The number of the series of each point. */
  seriesOf: number[];
  /** Entries of `seriesOf` in front of this belong to dropped points. */
  start: number;
  /** The number of the series of the last point. */
  last: number;
  /** The first series with these tags; absent while there are few. */
  byTags: Map<Tags, number> | undefined;
}

/** From so many series on they are looked up by their tags. */
const MANY = 8;
/** Fewer dropped points than this are not worth moving the rest. */
const COMPACT_FROM = 32;

/** A buffer of `size` points that are all of one series. */
export function mixedSeries(series: Series, size: number): MixedSeries {
  return {
    series: [listed(series)],
    seriesOf: new Array<number>(size).fill(0),
    start: 0,
    last: 0,
    byTags: undefined,
  };
}

function listed({ name, db, rp, tags, layout }: Readonly<Series>): ListedSeries {
  return { name, db, rp, tags, layout, next: -1 };
}

/** The series of the `i`-th point that is left. */
export function seriesOfPoint(mixed: MixedSeries, i: number): Readonly<Series> {
  return mixed.series[mixed.seriesOf[mixed.start + i]!]!;
}

/** Makes a series that of the next point. */
export function turnTo(mixed: MixedSeries, series: Readonly<Series>): void {
  const known = find(mixed, series);
  mixed.last = known >= 0 ? known : add(mixed, listed(series));
}

function find({ series, byTags }: MixedSeries, wanted: Readonly<Series>): number {
  if (byTags === undefined) return series.findIndex((known) => isSame(known, wanted));
  let at = byTags.get(wanted.tags) ?? -1;
  while (at >= 0 && !isSame(series[at]!, wanted)) at = series[at]!.next;
  return at;
}

function isSame(a: Readonly<Series>, b: Readonly<Series>): boolean {
  return a.layout === b.layout && a.tags.equals(b.tags) && a.name === b.name && a.db === b.db && a.rp === b.rp;
}

function add(mixed: MixedSeries, series: ListedSeries): number {
  const at = mixed.series.push(series) - 1;
  if (mixed.byTags !== undefined) link(mixed.byTags, series, at);
  else if (mixed.series.length > MANY) linkAll(mixed);
  return at;
}

function link(byTags: Map<Tags, number>, series: ListedSeries, at: number): void {
  series.next = byTags.get(series.tags) ?? -1;
  byTags.set(series.tags, at);
}

function linkAll(mixed: MixedSeries): void {
  mixed.byTags = undefined;
  if (mixed.series.length <= MANY) return;
  mixed.byTags = new Map();
  for (let i = 0; i < mixed.series.length; i++) link(mixed.byTags, mixed.series[i]!, i);
}

/** Forgets the first `count` points, and now and then the series that no point is left of. */
export function dropPoints(mixed: MixedSeries, count: number): void {
  mixed.start += count;
  if (mixed.start < COMPACT_FROM || mixed.start * 2 < mixed.seriesOf.length) return;
  const seriesOf = mixed.seriesOf.slice(mixed.start);
  const numbers = new Map<number, number>();
  const kept: ListedSeries[] = [];
  for (let i = 0; i < seriesOf.length; i++) {
    let number = numbers.get(seriesOf[i]!);
    if (number === undefined) {
      number = kept.push(listed(mixed.series[seriesOf[i]!]!)) - 1;
      numbers.set(seriesOf[i]!, number);
    }
    seriesOf[i] = number;
  }
  // The last point is always left: a buffer that becomes empty does not come here.
  mixed.last = numbers.get(mixed.last)!;
  mixed.series = kept;
  mixed.seriesOf = seriesOf;
  mixed.start = 0;
  linkAll(mixed);
}
