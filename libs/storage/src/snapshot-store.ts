import { randomUUID } from 'node:crypto';
import type { Database } from './database';
import { Prisma } from './generated/client';

/** The state of a run and its place in the log, which belong together. */
export interface SnapshotSave {
  readonly taskId: string;
  readonly epoch: bigint;
  readonly offset: string;
  /** A large one is emptied while it is stored, so that its memory goes with it. */
  readonly snapshot: Buffer[];
}

export interface SnapshotStoreSizes {
  /** Up to so many bytes a snapshot is stored with its run, many of them in one statement. */
  readonly inlineBytes: number;
  /** Larger ones are stored in parts of so many bytes. */
  readonly partBytes: number;
}

const SIZES: SnapshotStoreSizes = { inlineBytes: 64 * 1024, partBytes: 1024 * 1024 };
/** Parts that are read at once. */
const PARTS_AT_ONCE = 8;

/** Snapshots of runs, in Postgres. What an old epoch saves is refused. */
export class SnapshotStore {
  /** Tasks that may have parts stored: their next small snapshot takes them away. */
  private readonly inParts = new Set<string>();

  constructor(
    private readonly db: Database,
    private readonly sizes: SnapshotStoreSizes = SIZES,
  ) {}

  /** Returns the tasks that are no longer ours, of which nothing was saved. */
  async save(saves: readonly SnapshotSave[]): Promise<string[]> {
    const isSmall = ({ snapshot }: SnapshotSave) => sizeOf(snapshot) <= this.sizes.inlineBytes;
    const kept = new Set(await this.saveInline(saves.filter(isSmall)));
    for (const save of saves.filter((save) => !kept.has(save.taskId) && !isSmall(save)))
      if (await this.saveInParts(save)) kept.add(save.taskId);
    return saves.map(({ taskId }) => taskId).filter((taskId) => !kept.has(taskId));
  }

  /** The snapshot of a claimed run, undefined if it has none. */
  async load({ taskId, epoch }: { taskId: string; epoch: bigint }): Promise<Buffer[] | undefined> {
    const rows = await this.db.$queryRaw<{ snapshot: Uint8Array | null; id: string | null }[]>`
      SELECT snapshot, snapshot_id AS id FROM run WHERE task_id = ${taskId} AND epoch = ${epoch}`;
    const { snapshot = null, id = null } = rows[0] ?? {};
    if (id === null) return snapshot === null ? undefined : [Buffer.from(snapshot)];
    this.inParts.add(taskId);
    const parts: Buffer[] = [];
    for (;;) {
      const next = await this.db.$queryRaw<{ bytes: Uint8Array }[]>`
        SELECT bytes FROM snapshot_part WHERE snapshot_id = ${id}::uuid AND number >= ${parts.length}
        ORDER BY number LIMIT ${PARTS_AT_ONCE}`;
      for (const { bytes } of next) parts.push(Buffer.from(bytes));
      if (next.length < PARTS_AT_ONCE) return parts;
    }
  }

  private async saveInline(saves: readonly SnapshotSave[]): Promise<string[]> {
    if (saves.length === 0) return [];
    const rows = saves.map(
      ({ taskId, epoch, offset, snapshot }) =>
        Prisma.sql`(${taskId}::text, ${epoch}::bigint, ${offset}::text, ${Buffer.concat(snapshot)}::bytea)`,
    );
    const saved = await this.db.$queryRaw<{ taskId: string }[]>`
      UPDATE run SET snapshot = saved.snapshot, snapshot_id = NULL, "offset" = saved.place, updated = clock_timestamp()
      FROM (VALUES ${Prisma.join(rows)}) AS saved(task, epoch, place, snapshot)
      WHERE run.task_id = saved.task AND run.epoch = saved.epoch
      RETURNING run.task_id AS "taskId"`;
    const kept = saved.map(({ taskId }) => taskId);
    const shrunk = kept.filter((taskId) => this.inParts.has(taskId));
    if (shrunk.length > 0) await this.db.$executeRaw`DELETE FROM snapshot_part WHERE task_id = ANY(${shrunk}::text[])`;
    for (const taskId of shrunk) this.inParts.delete(taskId);
    return kept;
  }

  private async saveInParts({ taskId, epoch, offset, snapshot }: SnapshotSave): Promise<boolean> {
    const id = randomUUID();
    this.inParts.add(taskId);
    let number = 0;
    for (const part of inParts(snapshot, this.sizes.partBytes)) {
      const stored = await this.db.$executeRaw`
        INSERT INTO snapshot_part (snapshot_id, number, task_id, bytes)
        SELECT ${id}::uuid, ${number++}, task_id, ${part} FROM run WHERE task_id = ${taskId} AND epoch = ${epoch}`;
      if (stored === 0) return false;
    }
    const rows = await this.db.$queryRaw<unknown[]>`
      WITH saved AS (
        UPDATE run SET snapshot = NULL, snapshot_id = ${id}::uuid, "offset" = ${offset}, updated = clock_timestamp()
        WHERE task_id = ${taskId} AND epoch = ${epoch} RETURNING task_id
      ),
      replaced AS (
        DELETE FROM snapshot_part USING saved
        WHERE snapshot_part.task_id = saved.task_id AND snapshot_id <> ${id}::uuid
      )
      SELECT 1 FROM saved`;
    return rows.length === 1;
  }
}

const sizeOf = (buffers: readonly Buffer[]): number => buffers.reduce((sum, { length }) => sum + length, 0);

/** Takes buffers from the front of a list and gives their bytes in parts of one size; the last one may be shorter. */
export function* inParts(buffers: Buffer[], partBytes: number): Generator<Buffer> {
  let gathered: Buffer[] = [];
  let room = partBytes;
  for (let buffer = buffers.shift(); buffer !== undefined; buffer = buffers.shift()) {
    for (let at = 0; at < buffer.length;) {
      const piece = buffer.subarray(at, at + room);
      gathered.push(piece);
      at += piece.length;
      room -= piece.length;
      if (room > 0) continue;
      yield Buffer.concat(gathered);
      gathered = [];
      room = partBytes;
    }
  }
  if (gathered.length > 0) yield Buffer.concat(gathered);
}
