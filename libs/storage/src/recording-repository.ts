import type { Database } from './database';
import { Prisma, type Recording as RecordingRow } from './generated/client';
import { isTaken, type Dbrp } from './task-repository';

export type RecordingType = 'stream' | 'batch';
export type JobStatus = 'running' | 'finished' | 'failed';

/** What to record. Times and durations are nanoseconds as decimal text, as JSON cannot hold them. */
export type RecordingOrder = { readonly job: string; readonly legacy: boolean } & (
  | {
      readonly kind: 'stream';
      readonly dbrps: readonly Dbrp[];
      /** Empty: all. */
      readonly measurements: readonly string[];
      /** How far the last point may be from the first, and how long it may take by the clock on the wall. */
      readonly duration?: string;
      /** Milliseconds since the epoch: when that is over. */
      readonly until?: number;
      /** The time of the last point to be recorded. */
      readonly stop?: string;
    }
  | {
      readonly kind: 'batch';
      readonly taskType: RecordingType;
      readonly pipeline: string;
      readonly start: string;
      readonly stop: string;
    }
  | { readonly kind: 'query'; readonly query: string; readonly cluster: string }
);

/** How far a stream recording has come with the place of the log that is stored beside it. */
export interface RecordingState {
  /** Bytes of its spool. */
  readonly written?: number;
  /** The time of its first point. */
  readonly first?: string;
  /** Nothing more belongs to it. */
  readonly ended?: boolean;
  /** Why it ended before its time. */
  readonly cut?: string;
}

/** "gone": deleted or taken over; "overtaken": the log is not held for it any more. */
export type SaveOutcome = 'saved' | 'gone' | 'overtaken';

export interface StoredRecording {
  readonly id: string;
  readonly type: RecordingType;
  readonly status: JobStatus;
  readonly error: string;
  /** Bytes; -1: there is no file. */
  readonly size: bigint;
  readonly date: Date;
  readonly progress: number;
  readonly order: RecordingOrder | undefined;
  readonly offset: string | null;
  readonly state: RecordingState;
}

const EXISTS = { not: 'deleted' };

/** Recordings, and the work on them. */
export class RecordingRepository {
  constructor(private readonly db: Database) {}

  /** Undefined: the id is taken. `offset`: what the write log must keep for it. */
  async create(
    id: string,
    type: RecordingType,
    order: RecordingOrder,
    offset?: string,
  ): Promise<StoredRecording | undefined> {
    const data = { type, order: order as unknown as Prisma.InputJsonObject, offset: offset ?? null };
    try {
      return await this.db.$transaction(async (tx) => {
        // What was deleted makes room, even when its file is still there.
        await tx.recording.deleteMany({ where: { id, status: 'deleted' } });
        return fromRow(await tx.recording.create({ data: { id, ...data } }));
      });
    } catch (error) {
      if (isTaken(error)) return undefined;
      throw error;
    }
  }

  /** Records a file that was put in the folder. False: the id is taken. */
  async import(id: string, type: RecordingType, size: bigint, date: Date): Promise<boolean> {
    const { count } = await this.db.recording.createMany({
      data: [{ id, type, size, date, status: 'finished', progress: 1 }],
      skipDuplicates: true,
    });
    return count > 0;
  }

  async find(id: string): Promise<StoredRecording | undefined> {
    const row = await this.db.recording.findFirst({ where: { id, status: EXISTS } });
    return row === null ? undefined : fromRow(row);
  }

  /** The newest first. */
  async all(): Promise<StoredRecording[]> {
    const rows = await this.db.recording.findMany({
      where: { status: EXISTS },
      orderBy: [{ date: 'desc' }, { id: 'asc' }],
    });
    return rows.map(fromRow);
  }

  async running(): Promise<StoredRecording[]> {
    return (await this.db.recording.findMany({ where: { status: 'running' } })).map(fromRow);
  }

  /** False: there is none. Whoever works on it finds out when it writes next; `remove` follows when the file is gone. */
  async delete(id: string): Promise<boolean> {
    const { count } = await this.db.recording.updateMany({
      where: { id, status: EXISTS },
      data: { status: 'deleted', worker: '', offset: null },
    });
    return count > 0;
  }

  async deleted(): Promise<string[]> {
    return (await this.db.recording.findMany({ where: { status: 'deleted' }, select: { id: true } })).map(
      ({ id }) => id,
    );
  }

  /** Forgets a deleted recording after `removeFiles`. Its id cannot be given anew meanwhile. */
  async remove(id: string, removeFiles: () => Promise<void>): Promise<void> {
    await this.db.$transaction(async (tx) => {
      const rows = await tx.$queryRaw<
        unknown[]
      >`SELECT 1 FROM recording WHERE id = ${id} AND status = 'deleted' FOR UPDATE`;
      if (rows.length === 0) return;
      await removeFiles();
      await tx.recording.deleteMany({ where: { id } });
    });
  }

  // --- work

  async setOffset(id: string, offset: string): Promise<void> {
    await this.db.recording.updateMany({ where: { id, status: 'running' }, data: { offset } });
  }

  /** Takes a recording over. Undefined: it is not to be worked on by this job. */
  async claim(id: string, job: string, worker: string): Promise<StoredRecording | undefined> {
    const rows = await this.db.recording.updateManyAndReturn({
      where: { id, status: 'running', order: { path: ['job'], equals: job } },
      data: { worker },
    });
    return rows[0] === undefined ? undefined : fromRow(rows[0]);
  }

  /** Notes how far it is. `offset`: what it needs of the log from here on; null: nothing more. */
  async save(id: string, worker: string, offset: string | null, state: RecordingState): Promise<SaveOutcome> {
    const { count } = await this.db.recording.updateMany({
      // Whoever trims the log takes the place away of one that is too far behind.
      where: { id, worker, status: 'running', offset: { not: null } },
      data: { offset, state: { ...state } },
    });
    if (count > 0) return 'saved';
    return (await this.isMine(id, worker)) ? 'overtaken' : 'gone';
  }

  async isMine(id: string, worker: string): Promise<boolean> {
    return (await this.db.recording.count({ where: { id, worker, status: 'running' } })) > 0;
  }

  /** Ends it. False: it was deleted or taken over. */
  async finish(id: string, worker: string, size: bigint): Promise<boolean> {
    return this.end({ id, worker }, { status: 'finished', size, progress: 1 });
  }

  /** Ends it with an error. Without `worker`: whoever works on it. `size`: of the file of what it has. */
  async fail(id: string, worker: string | undefined, error: string, size = -1n): Promise<boolean> {
    return this.end(
      { id, ...(worker !== undefined && { worker }) },
      { status: 'failed', error: error.replaceAll('\0', ''), size },
    );
  }

  private async end(
    where: Prisma.RecordingWhereInput,
    data: Prisma.RecordingUpdateManyMutationInput,
  ): Promise<boolean> {
    const { count } = await this.db.recording.updateMany({
      where: { ...where, status: 'running' },
      data: { ...data, date: new Date(), offset: null, state: {} },
    });
    return count > 0;
  }
}

function fromRow(row: RecordingRow): StoredRecording {
  return {
    id: row.id,
    type: row.type === 'batch' ? 'batch' : 'stream',
    status: row.status === 'finished' || row.status === 'failed' ? row.status : 'running',
    error: row.error,
    size: row.size,
    date: row.date,
    progress: row.progress,
    // Imported ones were never ordered.
    order: 'kind' in (row.order as object) ? (row.order as unknown as RecordingOrder) : undefined,
    offset: row.offset,
    state: row.state as RecordingState,
  };
}
