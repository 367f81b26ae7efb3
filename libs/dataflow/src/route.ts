import type { Layout, Point } from '@supercap/data-model';
import type { LoopWatch, RoutedBlock, RoutedSeries, SelectedSource, Subscriber } from './subscriber';

/** A subscriber's share in one measurement of one database and retention policy. */
export interface Membership {
  readonly subscriber: Subscriber;
  /** A point enters twice where both a `from` with its measurement and one without any want it (as in the original). */
  readonly times: 1 | 2;
  readonly route: Route;
  /** Rows of the route that had passed when `skip` was last told. */
  counted: number;
  /** Rows handed over since. */
  fed: number;
}

export interface IndexedMembership {
  readonly membership: Membership;
  readonly tag: string;
  readonly value: string;
  /** The value of the tag decides: nothing else is left of the condition. */
  readonly whole: boolean;
}

/** Who gets the points of a series. */
interface Interest {
  /** They look for themselves. */
  readonly fed: Membership[];
  /** Their condition holds for the whole series. */
  readonly selected: SelectedSource[];
}

/** Everybody who wants a measurement of one (db, rp). */
export class Route {
  rows = 0;
  // Never changed in place: a task that fails leaves in the middle of a row, and the ones behind it must still see it.
  always: readonly Membership[] = [];
  indexed: readonly IndexedMembership[] = [];
  private byTag: Map<string, Map<string, IndexedMembership[]>> | undefined;
  private readonly interests = new Map<RoutedSeries, Interest>();
  /** Series come and go: beyond this many the remembered interests are worked out anew. */
  private static readonly interestLimit = 200_000;

  constructor(private readonly watch: LoopWatch) {}

  dispatch(block: RoutedBlock, row: number): void {
    this.rows++;
    let point: Point | undefined;
    const { always, watch } = this;
    for (let i = 0; i < always.length; i++) {
      const { subscriber, times } = always[i]!;
      watch.enter(subscriber.number);
      if (subscriber.feedRow !== undefined) {
        subscriber.feedRow(block, row);
        if (times === 2) subscriber.feedRow(block, row);
        continue;
      }
      subscriber.feed((point ??= block.pointAt(row)));
      if (times === 2) subscriber.feed(point);
    }
    if (this.indexed.length === 0) return;
    const { fed, selected } = this.interest(block, block.seriesAt(row));
    for (let i = 0; i < selected.length; i++) {
      const source = selected[i]!;
      watch.enter(source.number);
      source.feed((point ??= block.pointAt(row)));
    }
    for (let i = 0; i < fed.length; i++) {
      const membership = fed[i]!;
      const { subscriber, times } = membership;
      membership.fed += times;
      watch.enter(subscriber.number);
      subscriber.feed((point ??= block.pointAt(row)));
      if (times === 2) subscriber.feed(point);
    }
  }

  private interest(block: RoutedBlock, series: RoutedSeries): Interest {
    const known = this.interests.get(series);
    if (known !== undefined && !this.fieldsHide(block.layout)) return known;
    const tables = (this.byTag ??= this.makeTables());
    // A task with several sources may be wanted by several of their values, and gets the point once all the same.
    const fed = new Set<Membership>();
    const selectedSources: SelectedSource[] = [];
    for (const [tag, byValue] of tables) {
      const value = series.tags.get(tag);
      // A field of the same name hides the tag, and a point without either is an error that its tasks must count.
      if (value === undefined || block.layout.has(tag)) {
        for (const all of byValue.values()) for (const { membership } of all) fed.add(membership);
        continue;
      }
      for (const { membership, whole } of byValue.get(value) ?? []) {
        const { selected } = membership.subscriber;
        if (whole && selected !== undefined) selectedSources.push(selected);
        else fed.add(membership);
      }
    }
    const interest: Interest = { fed: [...fed], selected: selectedSources };
    if (this.fieldsHide(block.layout)) return interest;
    if (this.interests.size >= Route.interestLimit) this.interests.clear();
    this.interests.set(series, interest);
    return interest;
  }

  private fieldsHide(layout: Layout): boolean {
    for (const tag of (this.byTag ??= this.makeTables()).keys()) if (layout.has(tag)) return true;
    return false;
  }

  private makeTables(): Map<string, Map<string, IndexedMembership[]>> {
    const tables = new Map<string, Map<string, IndexedMembership[]>>();
    for (const indexed of this.indexed) {
      const { tag, value } = indexed;
      let byValue = tables.get(tag);
      if (byValue === undefined) tables.set(tag, (byValue = new Map()));
      const list = byValue.get(value);
      if (list === undefined) byValue.set(value, [indexed]);
      else list.push(indexed);
    }
    return tables;
  }

  remove(subscriber: Subscriber): void {
    this.always = this.always.filter((membership) => membership.subscriber !== subscriber);
    this.indexed = this.indexed.filter(({ membership }) => membership.subscriber !== subscriber);
    this.changed();
  }

  changed(): void {
    this.byTag = undefined;
    this.interests.clear();
  }
}
