import { findTagEquality } from '@supercap/lambda';
import { EntryPass } from './entry-pass';
import { Route, type Membership } from './route';
import type { LoopWatch, RoutedEntry, Subscriber } from './subscriber';

// Points are routed once per executor, not once per task: tasks are found by database, retention policy and measurement,
// and where a `from` only wants one value of a tag, by that value. What a series interests is looked up once per series.

const unwatched: LoopWatch = { enter: () => undefined, leave: () => undefined };

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

  /** Hands out all rows of an entry. */
  dispatch(entry: RoutedEntry): void {
    this.pass(entry)?.step(Infinity);
  }

  /** The way of an entry through this router, to be gone in steps. Nothing if nobody wants its database. */
  pass(entry: RoutedEntry): EntryPass | undefined {
    const key = keyOf(entry.db, entry.rp);
    if (!this.subscribers.has(key)) return undefined;
    const routes = entry.blocks.map((block) => this.routeOf(key, block.name));
    return new EntryPass(entry, routes, this.watch);
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
