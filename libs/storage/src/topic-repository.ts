import type { Database } from './database';
import type { StoredHandler, StoredState } from './event-store';
import { Prisma } from './generated/client';
import { isTaken } from './task-repository';

export interface StoredTopic {
  readonly id: string;
  /** The highest level of its events: 0 OK to 3 CRITICAL. */
  readonly level: number;
  readonly collected: bigint;
}

/** Topics, the states of their events, and their handlers. A topic is there when it has any of the three, unless it is closed. */
export class TopicRepository {
  constructor(private readonly db: Database) {}

  // --- topics

  /** In the order of their ids' bytes. */
  async all(): Promise<StoredTopic[]> {
    return this.select(Prisma.sql`TRUE`);
  }

  async find(id: string): Promise<StoredTopic | undefined> {
    return (await this.select(Prisma.sql`known.id = ${id}`))[0];
  }

  private select(condition: Prisma.Sql): Promise<StoredTopic[]> {
    return this.db.$queryRaw`
      SELECT known.id, coalesce(states.level, 0)::int AS level, coalesce(topic.collected, 0)::bigint AS collected
      FROM (SELECT id FROM topic UNION SELECT topic FROM topic_handler) AS known
      LEFT JOIN topic ON topic.id = known.id
      LEFT JOIN LATERAL (SELECT max(level) AS level FROM topic_event WHERE topic_id = known.id) AS states ON TRUE
      WHERE coalesce(topic.open, TRUE) AND ${condition}
      ORDER BY known.id COLLATE "C"`;
  }

  /** Forgets what it collected; its handlers stay, but it is not there until it collects again. */
  async delete(id: string): Promise<void> {
    await this.db.topic.deleteMany({ where: { id } });
    await this.db.$executeRaw`
      INSERT INTO topic (id, open) SELECT topic, false FROM topic_handler WHERE topic = ${id} LIMIT 1
      ON CONFLICT (id) DO NOTHING`;
  }

  /** The same for all topics whose id begins so and has no colon after that. Returns their ids. */
  async deleteWithPrefix(prefix: string): Promise<string[]> {
    const rows = await this.db.$queryRaw<{ id: string }[]>`
      DELETE FROM topic WHERE starts_with(id, ${prefix}) AND position(':' IN right(id, -length(${prefix}))) = 0
      RETURNING id`;
    return rows.map(({ id }) => id);
  }

  // --- events

  /** The states of at least this level, in the order of their ids' bytes. */
  async events(topic: string, minLevel: number): Promise<StoredState[]> {
    return this.db.$queryRaw`
      SELECT topic_id AS topic, id, level::int AS level, message, details, time, duration FROM topic_event
      WHERE topic_id = ${topic} AND level >= ${minLevel} ORDER BY id COLLATE "C"`;
  }

  async event(topic: string, id: string): Promise<StoredState | undefined> {
    const rows = await this.db.$queryRaw<StoredState[]>`
      SELECT topic_id AS topic, e.id, level::int AS level, message, details, time, duration
      FROM topic_event e JOIN topic t ON t.id = e.topic_id
      WHERE topic_id = ${topic} AND e.id = ${id} AND t.open`;
    return rows[0];
  }

  // --- handlers

  /** In the order of their ids' bytes. */
  async handlers(topic: string): Promise<StoredHandler[]> {
    return this.db.$queryRaw`
      SELECT topic, id, kind, options, match FROM topic_handler WHERE topic = ${topic} ORDER BY id COLLATE "C"`;
  }

  async handler(topic: string, id: string): Promise<StoredHandler | undefined> {
    const rows = await this.db.$queryRaw<StoredHandler[]>`
      SELECT topic, id, kind, options, match FROM topic_handler WHERE topic = ${topic} AND id = ${id}`;
    return rows[0];
  }

  /** False: there is one of this id. */
  async addHandler(handler: StoredHandler): Promise<boolean> {
    try {
      await this.db.topicHandler.create({ data: { ...handler, options: handler.options as Prisma.InputJsonObject } });
      await this.db.topic.updateMany({ where: { id: handler.topic, open: false }, data: { open: true } });
      return true;
    } catch (error) {
      if (isTaken(error)) return false;
      throw error;
    }
  }

  /** A new spec in place of `id`, perhaps under another id. 'taken': that is another handler's; false: no such handler. */
  async replaceHandler(id: string, { topic, ...spec }: StoredHandler): Promise<boolean | 'taken'> {
    try {
      const data = { ...spec, options: spec.options as Prisma.InputJsonObject };
      return (await this.db.topicHandler.updateMany({ where: { topic, id }, data })).count > 0;
    } catch (error) {
      if (isTaken(error)) return 'taken';
      throw error;
    }
  }

  async deleteHandler(topic: string, id: string): Promise<boolean> {
    return (await this.db.topicHandler.deleteMany({ where: { topic, id } })).count > 0;
  }

  async notify(channel: string, payload: string): Promise<void> {
    await this.db.$executeRaw`SELECT pg_notify(${channel}, ${payload})`;
  }
}
