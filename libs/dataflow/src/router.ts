import type { Group, Layout, Point, Tags } from '@supercap/data-model';
import { findTagEquality } from '@supercap/lambda';
import type { Lambda } from '@supercap/tickscript';

// Points are routed once per executor, not once per task: tasks are found by database, retention policy and measurement,
// and where a `from` only wants one value of a tag, by that value. What a series interests is looked up once per series.

/** What a `from` of a task asks for. Members that are absent match everything. */
export interface SourceFilter {
  readonly measurement?: string;
  readonly where?: Lambda;
  /** It stands behind another one, and only gets what that one passes on. */
  readonly nested?: boolean;
}

/** Is told whose code runs, by number: somebody may watch how long. */
export interface LoopWatch {
  enter(run: number): void;
  /** Nobody's any more. */
  leave(): void;
}

const unwatched: LoopWatch = { enter: () => undefined, leave: () => undefined };

/** A task as the router sees it. */
export interface Subscriber {
  /** What a watch knows it by. */
  readonly number: number;
  readonly dbrps: readonly { readonly db: string; readonly rp: string }[];
  /** Of every `from`. */
  readonly filters: readonly SourceFilter[];
  feed(point: Point): void;
  /** Where it can, takes a row as it is and makes the point itself, grouped already. */
  feedRow?: ((block: RoutedBlock, row: number) => void) | undefined;
  /** Where points may enter for which the condition of its only source is known to hold. */
  selected?: SelectedSource | undefined;
  /** So many points were its due and did not go through `feed`: no `from` of it could have passed them, or one did. */
  skip(count: number): void;
}

/** What is fed here counts when the router settles: with a thousand tasks every counter is memory far away. */
export interface SelectedSource {
  /** What a watch knows its task by. */
  readonly number: number;
  feed(point: Point): void;
}

export interface RoutedSeries {
  readonly tags: Tags;
}

/** Rows of one measurement and one set of fields. */
export interface RoutedBlock {
  readonly name: string;
  readonly layout: Layout;
  readonly count: number;
  seriesAt(row: number): RoutedSeries;
  pointAt(row: number, group?: Group): Point;
}

export interface RoutedEntry {
  readonly db: string;
  readonly rp: string;
  readonly blocks: readonly RoutedBlock[];
  /** The block of every row, where there is more than one block: rows of a block come in its own order. */
  readonly order?: ArrayLike<number> | undefined;
}

/** A subscriber's share in one measurement of one database and retention policy. */
interface Membership {
  readonly subscriber: Subscriber;
  /** A point enters twice where both a `from` with its measurement and one without any want it (as in the original). */
  readonly times: 1 | 2;
  readonly route: Route;
  /** Rows of the route that had passed when `skip` was last told. */
  counted: number;
  /** Rows handed over since. */
  fed: number;
}

interface IndexedMembership {
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
class Route {
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

export class Router {
  /** Routes by `db NUL rp`, then measurement. Made when a measurement is first seen. */
  private readonly routes = new Map<string, Map<string, Route>>();
  private readonly subscribers = new Map<string, Set<Subscriber>>();
  private readonly memberships = new Map<Subscriber, Membership[]>();
  private static readonly measurementLimit = 50_000;

  constructor(private readonly watch: LoopWatch = unwatched) {}

  get size(): number {
    return this.memberships.size;
  }

  add(subscriber: Subscriber): void {
    this.memberships.set(subscriber, []);
    for (const key of keysOf(subscriber)) {
      let all = this.subscribers.get(key);
      if (all === undefined) this.subscribers.set(key, (all = new Set()));
      all.add(subscriber);
      for (const [measurement, route] of this.routes.get(key) ?? []) {
        this.join(subscriber, route, measurement);
        route.changed();
      }
    }
  }

  remove(subscriber: Subscriber): void {
    this.settle(subscriber);
    for (const key of keysOf(subscriber)) {
      const all = this.subscribers.get(key);
      all?.delete(subscriber);
      if (all?.size === 0) {
        this.subscribers.delete(key);
        this.routes.delete(key);
      } else for (const route of this.routes.get(key)?.values() ?? []) route.remove(subscriber);
    }
    this.memberships.delete(subscriber);
  }

  /** Tells a subscriber of the points that were its due and did not reach it: before its counters are read. */
  settle(subscriber: Subscriber): void {
    for (const membership of this.memberships.get(subscriber) ?? []) {
      const passed = membership.route.rows - membership.counted;
      const skipped = passed * membership.times - membership.fed;
      membership.counted = membership.route.rows;
      membership.fed = 0;
      if (skipped > 0) subscriber.skip(skipped);
    }
  }

  dispatch(entry: RoutedEntry): void {
    const key = keyOf(entry.db, entry.rp);
    if (!this.subscribers.has(key)) return;
    this.dispatchTo(key, entry);
    this.watch.leave();
  }

  private dispatchTo(key: string, { blocks, order }: RoutedEntry): void {
    const routes = blocks.map((block) => this.routeOf(key, block.name));
    if (order === undefined || blocks.length === 1) {
      for (let b = 0; b < blocks.length; b++) {
        const block = blocks[b]!;
        const route = routes[b]!;
        for (let row = 0; row < block.count; row++) route.dispatch(block, row);
      }
      return;
    }
    const next = new Uint32Array(blocks.length);
    for (let i = 0; i < order.length; i++) {
      const b = order[i]!;
      routes[b]!.dispatch(blocks[b]!, next[b]!++);
    }
  }

  private routeOf(key: string, measurement: string): Route {
    let table = this.routes.get(key);
    if (table === undefined) this.routes.set(key, (table = new Map()));
    let route = table.get(measurement);
    if (route === undefined) {
      if (table.size >= Router.measurementLimit) this.forgetRoutes(key, table);
      route = new Route(this.watch);
      for (const subscriber of this.subscribers.get(key) ?? []) this.join(subscriber, route, measurement);
      table.set(measurement, route);
    }
    return route;
  }

  private forgetRoutes(key: string, table: Map<string, Route>): void {
    for (const subscriber of this.subscribers.get(key) ?? []) {
      this.settle(subscriber);
      const gone = new Set(table.values());
      const kept = this.memberships.get(subscriber)!.filter(({ route }) => !gone.has(route));
      this.memberships.set(subscriber, kept);
    }
    table.clear();
  }

  private join(subscriber: Subscriber, route: Route, measurement: string): void {
    const named = subscriber.filters.filter((filter) => filter.measurement === measurement);
    const unnamed = subscriber.filters.filter((filter) => filter.measurement === undefined);
    if (named.length === 0 && unnamed.length === 0) return;
    const times = named.length > 0 && unnamed.length > 0 ? 2 : 1;
    const membership: Membership = { subscriber, times, route, counted: route.rows, fed: 0 };
    // What stands behind another source gets what that one passes on.
    const sources = [...named, ...unnamed].filter(({ nested }) => nested !== true);
    // On a point with another value of the tag the rest of a condition is never evaluated: it may be left out unseen.
    const equalities = sources.map(({ where }) => where && findTagEquality(where.expression));
    if (equalities.some((equality) => equality === undefined)) {
      route.always = [...route.always, membership];
      return;
    }
    const single = subscriber.filters.length === 1;
    const indexed = equalities.flatMap((equality) =>
      equality === undefined ? [] : [{ ...equality, membership, whole: single && equality.whole }],
    );
    route.indexed = [...route.indexed, ...indexed];
    this.memberships.get(subscriber)!.push(membership);
  }
}

const keyOf = (db: string, rp: string) => `${db}\u0000${rp}`;
const keysOf = ({ dbrps }: Subscriber) => new Set(dbrps.map(({ db, rp }) => keyOf(db, rp)));
