import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { outliveErrors } from './database';

/** Where in the log a run is, and who says so. */
export interface SnapshotPlace {
  readonly taskId: string;
  readonly epoch: bigint;
  readonly offset: string;
}

/** The state of a run and its place in the log, which belong together. */
export interface SnapshotSave extends SnapshotPlace {
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
/** Parts that are being stored while the next ones are written. */
const PARTS_UNDER_WAY = 4;
/** Parts that are read at once. */
const PARTS_AT_ONCE = 8;

/** Connections: a large snapshot takes its time, and small ones need not wait for it. */
const CONNECTIONS = 2;
/** A run waits for its large snapshot to be stored: not for ever where the database does not answer. */
const QUERY_TIMEOUT_MS = 15_000;

/**
 * Snapshots of runs, in Postgres. What an old epoch saves is refused. They do not pass through Prisma, which makes text of
 * bytes, three times over, and keeps the room that this took.
 */
export class SnapshotStore {
  private readonly pool: pg.Pool;
  /** Tasks that may have parts stored: their next small snapshot takes them away. */
  private readonly inParts = new Set<string>();

  constructor(
    url: string,
    onError: (error: Error) => void,
    private readonly sizes: SnapshotStoreSizes = SIZES,
  ) {
    this.pool = new pg.Pool({
      connectionString: url,
      max: CONNECTIONS,
      connectionTimeoutMillis: 5000,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
    });
    outliveErrors(this.pool, onError);
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  /** Returns the tasks that are no longer ours, of which nothing was saved. */
  async save(saves: readonly SnapshotSave[]): Promise<string[]> {
    const isSmall = ({ snapshot }: SnapshotSave) => sizeOf(snapshot) <= this.sizes.inlineBytes;
    const kept = new Set(await this.saveInline(saves.filter(isSmall)));
    for (const save of saves.filter((save) => !kept.has(save.taskId) && !isSmall(save)))
      if (await this.saveInParts(save, takeAll(save.snapshot), async () => true)) kept.add(save.taskId);
    return saves.map(({ taskId }) => taskId).filter((taskId) => !kept.has(taskId));
  }

  /** The snapshot of a claimed run, undefined if it has none. */
  async load({ taskId, epoch }: { taskId: string; epoch: bigint }): Promise<Buffer[] | undefined> {
    const { rows } = await this.pool.query<{ snapshot: Buffer | null; id: string | null }>(
      'SELECT snapshot, snapshot_id AS id FROM run WHERE task_id = $1 AND epoch = $2',
      [taskId, epoch],
    );
    const { snapshot = null, id = null } = rows[0] ?? {};
    if (id === null) return snapshot === null ? undefined : [snapshot];
    this.inParts.add(taskId);
    const parts: Buffer[] = [];
    for (;;) {
      const next = await this.pool.query<{ bytes: Buffer }>(
        `SELECT bytes FROM snapshot_part WHERE snapshot_id = $1 AND number >= $2 ORDER BY number LIMIT ${PARTS_AT_ONCE}`,
        [id, parts.length],
      );
      for (const { bytes } of next.rows) parts.push(bytes);
      if (next.rows.length < PARTS_AT_ONCE) return parts;
    }
  }

  private async saveInline(saves: readonly SnapshotSave[]): Promise<string[]> {
    if (saves.length === 0) return [];
    const { rows } = await this.pool.query<{ taskId: string }>(
      `UPDATE run SET snapshot = saved.snapshot, snapshot_id = NULL, "offset" = saved.place, updated = clock_timestamp()
      FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bytea[]) AS saved(task, epoch, place, snapshot)
      WHERE run.task_id = saved.task AND run.epoch = saved.epoch
      RETURNING run.task_id AS "taskId"`,
      [
        saves.map(({ taskId }) => taskId),
        saves.map(({ epoch }) => epoch),
        saves.map(({ offset }) => offset),
        saves.map(({ snapshot }) => Buffer.concat(snapshot)),
      ],
    );
    const kept = rows.map(({ taskId }) => taskId);
    const shrunk = kept.filter((taskId) => this.inParts.has(taskId));
    if (shrunk.length > 0) await this.pool.query('DELETE FROM snapshot_part WHERE task_id = ANY($1::text[])', [shrunk]);
    for (const taskId of shrunk) this.inParts.delete(taskId);
    return kept;
  }

  /**
   * Stores a snapshot while it is being written. It counts from when all of it is there and `mayCount` has said so. False:
   * it does not, because that said no or the run is no longer ours.
   */
  async saveInParts(
    { taskId, epoch, offset }: SnapshotPlace,
    pieces: AsyncIterable<Buffer> | Iterable<Buffer>,
    mayCount: () => Promise<boolean>,
  ): Promise<boolean> {
    const id = randomUUID();
    this.inParts.add(taskId);
    const storing: Promise<boolean>[] = [];
    let number = 0;
    try {
      for await (const part of inParts(pieces, this.sizes.partBytes)) {
        const stored = this.insertPart({ id, number: number++, taskId, epoch, part });
        // Its failure is seen when its turn comes.
        stored.catch(() => undefined);
        storing.push(stored);
        if (storing.length > PARTS_UNDER_WAY && !(await storing.shift())) return false;
      }
    } finally {
      // Whatever happened: what is under way ends first.
      await Promise.allSettled(storing);
    }
    if ((await Promise.all(storing)).includes(false) || !(await mayCount())) return false;
    const { rowCount } = await this.pool.query(
      `WITH saved AS (
        UPDATE run SET snapshot = NULL, snapshot_id = $1, "offset" = $2, updated = clock_timestamp()
        WHERE task_id = $3 AND epoch = $4 RETURNING task_id
      ),
      replaced AS (
        DELETE FROM snapshot_part USING saved
        WHERE snapshot_part.task_id = saved.task_id AND snapshot_id <> $1
      )
      SELECT 1 FROM saved`,
      [id, offset, taskId, epoch],
    );
    return rowCount === 1;
  }

  private async insertPart({ id, number, taskId, epoch, part }: Part): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `INSERT INTO snapshot_part (snapshot_id, number, task_id, bytes)
      SELECT $1, $2, task_id, $3 FROM run WHERE task_id = $4 AND epoch = $5`,
      [id, number, part, taskId, epoch],
    );
    return rowCount === 1;
  }
}

interface Part {
  readonly id: string;
  readonly number: number;
  readonly taskId: string;
  readonly epoch: bigint;
  readonly part: Buffer;
}

const sizeOf = (buffers: readonly Buffer[]): number => buffers.reduce((sum, { length }) => sum + length, 0);

/** Empties a list from the front. */
function* takeAll(buffers: Buffer[]): Generator<Buffer> {
  for (let buffer = buffers.shift(); buffer !== undefined; buffer = buffers.shift()) yield buffer;
}

/** The same bytes in parts of one size; the last one may be shorter. */
export async function* inParts(
  pieces: AsyncIterable<Buffer> | Iterable<Buffer>,
  partBytes: number,
): AsyncGenerator<Buffer, void, undefined> {
  let gathered: Buffer[] = [];
  let room = partBytes;
  for await (const bytes of pieces) {
    for (let at = 0; at < bytes.length;) {
      const piece = bytes.subarray(at, at + room);
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
