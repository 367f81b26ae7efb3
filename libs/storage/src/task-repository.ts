import type { Database } from './database';
import { Prisma, type Task as TaskRow } from './generated/client';

export interface Dbrp {
  readonly db: string;
  readonly rp: string;
}

export type Dialect = 'v1' | '2016';

export interface StoredTask {
  readonly id: string;
  readonly type: 'stream' | 'batch';
  readonly templateId: string;
  readonly script: string;
  readonly dialect: Dialect;
  /** JSON as the API takes it. */
  readonly vars: Readonly<Record<string, unknown>>;
  readonly dbrps: readonly Dbrp[];
  readonly enabled: boolean;
  readonly revision: number;
  readonly created: Date;
  readonly modified: Date;
  readonly lastEnabled: Date | null;
}

export type TaskDefinition = Pick<StoredTask, 'type' | 'templateId' | 'script' | 'dialect' | 'vars' | 'dbrps'>;

export interface Page {
  readonly offset: number;
  /** Negative: all. */
  readonly limit: number;
}

/** Tasks as they were defined last. */
export class TaskRepository {
  constructor(private readonly db: Database) {}

  async find(id: string): Promise<StoredTask | undefined> {
    const row = await this.db.task.findUnique({ where: { id } });
    return row === null ? undefined : fromRow(row);
  }

  /** In the order of their ids' bytes. */
  async all(): Promise<StoredTask[]> {
    const rows = await this.db.task.findMany();
    return rows.map(fromRow).sort((a, b) => Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)));
  }

  async boundTo(templateId: string): Promise<StoredTask[]> {
    const rows = await this.db.task.findMany({ where: { templateId }, orderBy: { id: 'asc' } });
    return rows.map(fromRow);
  }

  /** Undefined: there is one already. */
  async create(id: string, definition: TaskDefinition): Promise<StoredTask | undefined> {
    try {
      return fromRow(await this.db.task.create({ data: { id, ...toRow(definition) } }));
    } catch (error) {
      if (isTaken(error)) return undefined;
      throw error;
    }
  }

  /**
   * Changes a task (or makes it) while nobody else does: `change` gets what is stored and says what is to be stored;
   * undefined leaves it alone.
   */
  async change(
    id: string,
    change: (stored: StoredTask | undefined) => Promise<TaskDefinition | undefined>,
  ): Promise<StoredTask | undefined> {
    return this.db.$transaction(
      async (tx) => {
        // A task that is not there yet has no row to lock.
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${`task:${id}`}))`;
        const row = await tx.task.findUnique({ where: { id } });
        const stored = row === null ? undefined : fromRow(row);
        const definition = await change(stored);
        if (definition === undefined) return stored;
        const data = toRow(definition);
        const next =
          stored === undefined
            ? await tx.task.create({ data: { id, ...data } })
            : await tx.task.update({
                where: { id },
                data: { ...data, revision: { increment: 1 }, modified: new Date() },
              });
        return fromRow(next);
      },
      { timeout: 30_000, maxWait: 30_000 },
    );
  }

  async setEnabled(id: string, enabled: boolean): Promise<StoredTask | undefined> {
    try {
      const data = enabled ? { enabled, lastEnabled: new Date() } : { enabled };
      return fromRow(await this.db.task.update({ where: { id }, data }));
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }

  /** False: the new id is taken. */
  async rename(id: string, newId: string): Promise<boolean> {
    try {
      await this.db.task.update({ where: { id }, data: { id: newId } });
      return true;
    } catch (error) {
      if (isTaken(error)) return false;
      throw error;
    }
  }

  async delete(id: string): Promise<boolean> {
    return (await this.db.task.deleteMany({ where: { id } })).count > 0;
  }

  async count(): Promise<{ tasks: number; enabled: number }> {
    const [tasks, enabled] = await Promise.all([this.db.task.count(), this.db.task.count({ where: { enabled: true } })]);
    return { tasks, enabled };
  }
}

/** Postgres refused a key that is taken. */
export function isTaken(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}

/** There is no such row. */
export function isGone(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2025';
}

function fromRow(row: TaskRow): StoredTask {
  return {
    id: row.id,
    type: row.type === 'batch' ? 'batch' : 'stream',
    templateId: row.templateId,
    script: row.script,
    dialect: row.dialect === '2016' ? '2016' : 'v1',
    vars: row.vars as Record<string, unknown>,
    dbrps: row.dbrps as unknown as Dbrp[],
    enabled: row.enabled,
    revision: row.revision,
    created: row.created,
    modified: row.modified,
    lastEnabled: row.lastEnabled,
  };
}

function toRow(definition: TaskDefinition) {
  return {
    ...definition,
    vars: definition.vars as Prisma.InputJsonObject,
    dbrps: definition.dbrps.map(({ db, rp }) => ({ db, rp })),
  };
}
