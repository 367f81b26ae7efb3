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
  /** JSON text as the API takes it. */
  readonly vars: string;
  readonly dbrps: readonly Dbrp[];
  readonly enabled: boolean;
  readonly revision: number;
  readonly created: Date;
  readonly modified: Date;
  readonly lastEnabled: Date | null;
}

export type TaskDefinition = Pick<StoredTask, 'type' | 'templateId' | 'script' | 'dialect' | 'vars' | 'dbrps'>;

/** Tasks as they were defined last. */
export class TaskRepository {
  constructor(private readonly db: Database) {}

  async find(id: string): Promise<StoredTask | undefined> {
    // Asked for with every request that shows a task: as it stands, it costs a fraction of what a query builder does.
    const [row] = await this.db.$queryRaw<TaskRow[]>`
      SELECT id, type, template_id AS "templateId", script, dialect, vars, dbrps, enabled, revision, created, modified,
        last_enabled AS "lastEnabled"
      FROM task WHERE id = ${id}`;
    return row === undefined ? undefined : fromRow(row);
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
   * A new definition in place of the one that was read, perhaps under a new id. Undefined: somebody else has changed or
   * deleted it since; 'taken': the new id belongs to another task.
   */
  async replace(
    { id, revision }: StoredTask,
    definition: TaskDefinition,
    newId = id,
  ): Promise<StoredTask | 'taken' | undefined> {
    try {
      const rows = await this.db.task.updateManyAndReturn({
        where: { id, revision },
        data: { ...toRow(definition), id: newId, revision: { increment: 1 }, modified: new Date() },
      });
      return rows[0] === undefined ? undefined : fromRow(rows[0]);
    } catch (error) {
      if (isTaken(error)) return 'taken';
      throw error;
    }
  }

  /** Marks it enabled without a run: one could not be made. */
  async setEnabled(id: string): Promise<void> {
    await this.db.task.updateMany({ where: { id, enabled: false }, data: { enabled: true, lastEnabled: new Date() } });
  }

  async delete(id: string): Promise<boolean> {
    return (await this.db.task.deleteMany({ where: { id } })).count > 0;
  }

  async count(): Promise<{ tasks: number; enabled: number }> {
    const [tasks, enabled] = await Promise.all([
      this.db.task.count(),
      this.db.task.count({ where: { enabled: true } }),
    ]);
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
    vars: row.vars,
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
    dbrps: definition.dbrps.map(({ db, rp }) => ({ db, rp })),
  };
}
