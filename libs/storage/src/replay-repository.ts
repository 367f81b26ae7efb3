import type { Database } from './database';
import { Prisma, type Replay as ReplayRow } from './generated/client';
import type { JobStatus, RecordingType } from './recording-repository';
import { isTaken, type Dbrp } from './task-repository';

/** Which part of a replay failed; none: it was interrupted. */
export type ReplayPhase = 'load' | 'start' | 'find' | 'replay' | 'run' | 'close' | '';

/** What to replay into which pipeline. Times are nanoseconds as decimal text. */
export interface ReplayOrder {
  readonly job: string;
  readonly legacy: boolean;
  readonly taskType: RecordingType;
  readonly pipeline: string;
  readonly dbrps: readonly Dbrp[];
  readonly source:
    | { readonly kind: 'recording' }
    | { readonly kind: 'batch'; readonly start: string; readonly stop: string }
    | { readonly kind: 'query'; readonly query: string; readonly cluster: string };
}

export interface StoredReplay {
  readonly id: string;
  readonly taskId: string;
  readonly recordingId: string;
  readonly recordingTime: boolean;
  readonly clock: 'fast' | 'real';
  readonly date: Date;
  readonly error: string;
  readonly phase: string;
  readonly status: JobStatus;
  readonly progress: number;
  /** JSON text. */
  readonly stats: string;
  readonly order: ReplayOrder;
}

export type NewReplay = Pick<StoredReplay, 'id' | 'taskId' | 'recordingId' | 'recordingTime' | 'clock' | 'order'>;

/** Replays, and the work on them. */
export class ReplayRepository {
  constructor(private readonly db: Database) {}

  /** Undefined: the id is taken. `overwrite`: an older one of the id makes room. */
  async create({ order, ...replay }: NewReplay, overwrite: boolean): Promise<StoredReplay | undefined> {
    try {
      return await this.db.$transaction(async (tx) => {
        if (overwrite) await tx.replay.deleteMany({ where: { id: replay.id } });
        return fromRow(
          await tx.replay.create({ data: { ...replay, order: order as unknown as Prisma.InputJsonObject } }),
        );
      });
    } catch (error) {
      if (isTaken(error)) return undefined;
      throw error;
    }
  }

  async find(id: string): Promise<StoredReplay | undefined> {
    const row = await this.db.replay.findUnique({ where: { id } });
    return row === null ? undefined : fromRow(row);
  }

  /** The newest first. */
  async all(): Promise<StoredReplay[]> {
    const rows = await this.db.replay.findMany({ orderBy: [{ date: 'desc' }, { id: 'asc' }] });
    return rows.map(fromRow);
  }

  async running(): Promise<StoredReplay[]> {
    return (await this.db.replay.findMany({ where: { status: 'running' } })).map(fromRow);
  }

  async delete(id: string): Promise<void> {
    await this.db.replay.deleteMany({ where: { id } });
  }

  async finish(id: string, job: string, stats: string): Promise<void> {
    await this.end(id, job, { status: 'finished', progress: 1, stats });
  }

  async fail(id: string, job: string, phase: ReplayPhase, error: string): Promise<void> {
    await this.end(id, job, { status: 'failed', phase, error: error.replaceAll('\0', '') });
  }

  /** Forgets replays of the 2016 API, which nobody can ask for again, once they are so old. */
  async prune(hours: number): Promise<void> {
    await this.db.replay.deleteMany({
      where: {
        status: { not: 'running' },
        date: { lt: new Date(Date.now() - hours * 3_600_000) },
        order: { path: ['legacy'], equals: true },
      },
    });
  }

  private async end(id: string, job: string, data: Prisma.ReplayUpdateManyMutationInput): Promise<void> {
    await this.db.replay.updateMany({
      where: { id, status: 'running', order: { path: ['job'], equals: job } },
      data: { ...data, date: new Date() },
    });
  }
}

function fromRow(row: ReplayRow): StoredReplay {
  return {
    id: row.id,
    taskId: row.taskId,
    recordingId: row.recordingId,
    recordingTime: row.recordingTime,
    clock: row.clock === 'real' ? 'real' : 'fast',
    date: row.date,
    error: row.error,
    phase: row.phase,
    status: row.status === 'finished' || row.status === 'failed' ? row.status : 'running',
    progress: row.progress,
    stats: row.stats,
    order: row.order as unknown as ReplayOrder,
  };
}
