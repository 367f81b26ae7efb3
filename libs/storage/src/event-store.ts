import { saturated } from '@supercap/data-model';
import type { Database } from './database';
import { storable, storableId } from './storable';

/** An event that a topic collected. */
export interface CollectedEvent {
  readonly eventId: string;
  readonly topic: string;
  readonly id: string;
  /** 0 OK to 3 CRITICAL. */
  readonly level: number;
  readonly message: string;
  readonly details: string;
  readonly time: bigint;
  readonly duration: bigint;
  readonly taskId: string;
  /** What its topic knew of the id before. */
  readonly previousLevel: number;
  readonly previousTime: bigint;
}

/** Whose events may be stored: a run in its epoch. */
export interface Fence {
  readonly taskId: string;
  readonly epoch: bigint;
}

export interface StoredEvents {
  /** Tasks whose epoch is still the given one. Events of others were refused. */
  readonly owned: ReadonlySet<string>;
  /** `eventKey` of those that were not there before: the others were created when their stretch was read before. */
  readonly fresh: ReadonlySet<string>;
  /** By `eventKey`, the level before each event that was there before: it belongs to the event as it was created. */
  readonly previousLevels: ReadonlyMap<string, number>;
}

export const eventKey = (eventId: string, topic: string) => `${eventId}\n${topic}`;

export interface StoredState {
  readonly topic: string;
  readonly id: string;
  readonly level: number;
  readonly message: string;
  readonly details: string;
  readonly time: bigint;
  readonly duration: bigint;
}

export interface StoredHandler {
  readonly topic: string;
  readonly id: string;
  readonly kind: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly match: string;
}

/** Events, topic states and outcomes of deliveries. */
export class EventStore {
  constructor(private readonly db: Database) {}

  /**
   * Creates events, each once, and moves the states of their topics: one statement, fenced by the runs' epochs.
   * Without a fence (replays) every event is taken.
   */
  async collect(events: readonly CollectedEvent[], fences: readonly Fence[] | undefined): Promise<StoredEvents> {
    const list = <T>(of: (event: CollectedEvent) => T) => events.map(of);
    const tasks = fences?.map(({ taskId }) => taskId) ?? [];
    const rows = await this.db.$queryRaw<{ kind: string; id: string; topic: string; level: number }[]>`
      WITH mine AS (
        SELECT r.task_id AS task FROM run r
        JOIN unnest(${tasks}::text[], ${fences?.map(({ epoch }) => epoch) ?? []}::bigint[]) AS f(task, epoch)
          ON r.task_id = f.task AND r.epoch = f.epoch
        FOR SHARE OF r
      ), given AS (
        SELECT * FROM unnest(
          ${list((e) => e.eventId)}::text[], ${list((e) => e.topic)}::text[], ${list((e) => storableId(e.id))}::text[],
          ${list((e) => e.level)}::smallint[], ${list((e) => storable(e.message))}::text[],
          ${list((e) => storable(e.details))}::text[],
          ${list((e) => saturated(e.time))}::bigint[], ${list((e) => saturated(e.duration))}::bigint[], ${list((e) => e.taskId)}::text[],
          ${list((e) => e.previousLevel)}::smallint[], ${list((e) => saturated(e.previousTime))}::bigint[]
        ) WITH ORDINALITY AS g(event_id, topic, id, level, message, details, time, duration, task, previous_level, previous_time, place)
        WHERE ${fences === undefined} OR task IN (SELECT task FROM mine)
      ), fresh AS (
        INSERT INTO alert_event (id, topic, task_id, alert_id, previous_level, previous_time, place_ms, place_seq)
        SELECT event_id, topic, task, id, previous_level, previous_time, at[1]::bigint, at[2]::bigint
        FROM given, LATERAL (
          -- Ids of tasks may hold anything: the place stands behind task and generation.
          SELECT regexp_match(substr(event_id, length(task) + 2), '^[0-9]+/([0-9]+)-([0-9]+)/') AS at
        ) AS placed
        ORDER BY place
        ON CONFLICT DO NOTHING RETURNING id, topic
      ), topics AS (
        INSERT INTO topic AS t (id, collected) SELECT topic, count(*) FROM fresh GROUP BY topic
        ON CONFLICT (id) DO UPDATE SET collected = t.collected + excluded.collected, open = TRUE
      ), states AS (
        INSERT INTO topic_event AS s (topic_id, id, level, message, details, time, duration)
        SELECT DISTINCT ON (g.topic, g.id) g.topic, g.id, g.level, g.message, g.details, g.time, g.duration
        FROM given g JOIN fresh f ON f.id = g.event_id AND f.topic = g.topic
        ORDER BY g.topic, g.id, g.place DESC
        ON CONFLICT (topic_id, id) DO UPDATE SET level = excluded.level, message = excluded.message,
          details = excluded.details, time = excluded.time, duration = excluded.duration
      )
      SELECT 'owned' AS kind, task AS id, '' AS topic, 0 AS level FROM mine
      UNION ALL SELECT 'fresh', id, topic, 0 FROM fresh
      UNION ALL SELECT 'known', e.id, e.topic, e.previous_level::int FROM alert_event e
        JOIN given g ON g.event_id = e.id AND g.topic = e.topic`;
    return {
      owned: new Set(rows.filter(({ kind }) => kind === 'owned').map(({ id }) => id)),
      fresh: new Set(rows.filter(({ kind }) => kind === 'fresh').map(({ id, topic }) => eventKey(id, topic))),
      previousLevels: new Map(
        rows.filter(({ kind }) => kind === 'known').map(({ id, topic, level }) => [eventKey(id, topic), level]),
      ),
    };
  }

  /** The states of these topics, and of those whose name begins with one of `prefixes`. */
  async states(topics: readonly string[], prefix: string): Promise<StoredState[]> {
    return this.db.$queryRaw`
      SELECT topic_id AS topic, id, level::int AS level, message, details, time, duration FROM topic_event
      WHERE topic_id = ANY(${topics}::text[]) OR starts_with(topic_id, ${prefix})`;
  }

  /**
   * What topics knew before the events that a generation of a task made behind a place of the log: reading goes on there,
   * and makes them again.
   */
  async statesAt(taskId: string, generation: number, offset: string): Promise<StoredState[]> {
    const [ms = '0', seq = '0'] = offset.split('-');
    return this.db.$queryRaw`
      SELECT DISTINCT ON (topic, alert_id) topic, alert_id AS id, previous_level::int AS level, '' AS message,
        '' AS details, previous_time AS time, 0::bigint AS duration
      FROM alert_event
      WHERE task_id = ${taskId} AND starts_with(id, ${`${taskId}/${generation}/`})
        AND place_ms >= ${BigInt(ms)} AND (place_ms, place_seq) > (${BigInt(ms)}, ${BigInt(seq)})
      ORDER BY topic, alert_id, number`;
  }

  /** Topics are there from now on, before they have collected anything. */
  async openTopics(topics: readonly string[]): Promise<void> {
    if (topics.length === 0) return;
    await this.db.$executeRaw`
      INSERT INTO topic AS t (id) SELECT unnest(${topics}::text[])
      ON CONFLICT (id) DO UPDATE SET open = TRUE WHERE NOT t.open`;
  }

  /** Sets a state without an event. */
  async setState(state: StoredState): Promise<void> {
    await this.db.$executeRaw`
      WITH t AS (INSERT INTO topic (id) VALUES (${state.topic}) ON CONFLICT DO NOTHING)
      INSERT INTO topic_event (topic_id, id, level, message, details, time, duration)
      VALUES (${state.topic}, ${storableId(state.id)}, ${state.level}::smallint, ${storable(state.message)},
        ${storable(state.details)}, ${saturated(state.time)}, ${saturated(state.duration)})
      ON CONFLICT (topic_id, id) DO UPDATE SET level = excluded.level, message = excluded.message,
        details = excluded.details, time = excluded.time, duration = excluded.duration`;
  }

  async handlers(): Promise<StoredHandler[]> {
    return this.db.$queryRaw`SELECT topic, id, kind, options, match FROM topic_handler ORDER BY created, id`;
  }

  // --- outcomes

  /** Which of these events the handler has dealt with already. */
  async dealtWith(handler: string, eventIds: readonly string[]): Promise<Set<string>> {
    const rows = await this.db.$queryRaw<{ id: string }[]>`
      SELECT event_id AS id FROM alert_delivery WHERE handler = ${handler} AND event_id = ANY(${eventIds}::text[])`;
    return new Set(rows.map(({ id }) => id));
  }

  async note(
    handler: string,
    outcomes: readonly {
      eventId: string;
      outcome: 'delivered' | 'failed' | 'dropped';
      error: string;
      attempts: number;
    }[],
  ): Promise<void> {
    if (outcomes.length === 0) return;
    await this.db.$executeRaw`
      INSERT INTO alert_delivery (event_id, handler, outcome, error, attempts)
      SELECT e, ${handler}, o, f, a FROM unnest(
        ${outcomes.map((o) => o.eventId)}::text[], ${outcomes.map((o) => o.outcome)}::text[],
        ${outcomes.map((o) => storable(o.error))}::text[], ${outcomes.map((o) => o.attempts)}::int[]) AS u(e, o, f, a)
      ON CONFLICT (event_id, handler) DO UPDATE SET outcome = excluded.outcome, error = excluded.error,
        attempts = excluded.attempts, updated = clock_timestamp()`;
  }

  /** Forgets events and outcomes older than `ms`: no stretch of the log that old can be read again. */
  async prune(ms: number): Promise<void> {
    await this.db
      .$executeRaw`DELETE FROM alert_event WHERE created < clock_timestamp() - make_interval(secs => ${ms / 1000}::float8)`;
    await this.db
      .$executeRaw`DELETE FROM alert_delivery WHERE updated < clock_timestamp() - make_interval(secs => ${ms / 1000}::float8)`;
  }
}
