import type { Database } from './database';
import type { Template as TemplateRow } from './generated/client';
import { isGone, isTaken } from './task-repository';

export interface StoredTemplate {
  readonly id: string;
  readonly type: 'stream' | 'batch';
  readonly script: string;
  readonly created: Date;
  readonly modified: Date;
}

export type TemplateDefinition = Pick<StoredTemplate, 'type' | 'script'>;

/** Templates as they were defined last. */
export class TemplateRepository {
  constructor(private readonly db: Database) {}

  async find(id: string): Promise<StoredTemplate | undefined> {
    const row = await this.db.template.findUnique({ where: { id } });
    return row === null ? undefined : fromRow(row);
  }

  /** In the order of their ids' bytes. */
  async all(): Promise<StoredTemplate[]> {
    const rows = await this.db.template.findMany();
    return rows.map(fromRow).sort((a, b) => Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)));
  }

  /** Undefined: there is one already. */
  async create(id: string, { type, script }: TemplateDefinition): Promise<StoredTemplate | undefined> {
    try {
      return fromRow(await this.db.template.create({ data: { id, type, script } }));
    } catch (error) {
      if (isTaken(error)) return undefined;
      throw error;
    }
  }

  /** Under another id, too. 'taken': the new id belongs to another; undefined: there is no such template. */
  async update(
    id: string,
    newId: string,
    { type, script }: TemplateDefinition,
  ): Promise<StoredTemplate | 'taken' | undefined> {
    try {
      const data = { id: newId, type, script, modified: new Date() };
      return fromRow(await this.db.template.update({ where: { id }, data }));
    } catch (error) {
      if (isTaken(error)) return 'taken';
      if (isGone(error)) return undefined;
      throw error;
    }
  }

  async delete(id: string): Promise<void> {
    await this.db.template.deleteMany({ where: { id } });
  }
}

function fromRow(row: TemplateRow): StoredTemplate {
  return { ...row, type: row.type === 'batch' ? 'batch' : 'stream' };
}
