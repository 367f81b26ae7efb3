import { channels, RECORDINGS_QUEUE, REDIS_PREFIX, type RecordingJob } from '@supercap/protocol';
import type { RecordingRepository, RunStore, StoredRecording } from '@supercap/storage';
import { withRequestId, type Logger } from '@supercap/telemetry';
import { DelayedError, Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import type { RecordingFiles } from '../files/recording-files';
import { AbandonedError, CutShortError, messageOf, PausedError, persistently } from '../work';
import type { QueryRecorder } from './query-recorder';
import { StreamRecorder, type StreamRecorderServices } from './stream-recorder';

const CONCURRENCY = 200;
const AGAIN_MS = 50;

export interface RecordingJobServices extends StreamRecorderServices {
  readonly recordings: RecordingRepository;
  readonly files: RecordingFiles;
  readonly queries: QueryRecorder;
  readonly notify: Pick<RunStore, 'notify'>;
  readonly logger: Logger;
}

/** Makes the recordings that are ordered. A stream recording whose recorder was killed is gone on with. */
export class RecordingJobs {
  private readonly stopping = new AbortController();
  private worker: Worker<RecordingJob> | undefined;

  constructor(
    private readonly redis: Redis,
    private readonly services: RecordingJobServices,
  ) {}

  start(): void {
    this.worker = new Worker<RecordingJob>(RECORDINGS_QUEUE, (job, token) => this.process(job, token), {
      connection: this.redis,
      prefix: REDIS_PREFIX,
      concurrency: CONCURRENCY,
      lockDuration: 6000,
      stalledInterval: 2000,
      maxStalledCount: 1_000_000,
    });
    this.worker.on('error', (error) => this.services.logger.debug({ err: error.message }, 'recording worker'));
  }

  private async process(job: Job<RecordingJob>, token: string | undefined): Promise<void> {
    const { recordingId, requestId } = job.data;
    const work = () => this.record(recordingId, job.id!);
    try {
      await (requestId === undefined ? work() : withRequestId(requestId, work));
    } catch (error) {
      if (!(error instanceof PausedError)) throw error;
      await job.moveToDelayed(Date.now() + AGAIN_MS, token);
      throw new DelayedError();
    }
  }

  private async record(id: string, job: string): Promise<void> {
    const { recordings, files, logger } = this.services;
    const worker = `${job}/${randomUUID()}`;
    const recording = await this.persist(() => recordings.claim(id, job, worker));
    if (recording === undefined) return;
    logger.info({ recording: id, kind: recording.order?.kind }, 'recording begins');
    try {
      const size = await this.make(recording, worker);
      if (!(await this.persist(() => recordings.finish(id, worker, size)))) return this.abandon(id, job);
      logger.info({ recording: id, size: Number(size) }, 'recording is complete');
    } catch (error) {
      if (error instanceof PausedError) throw error;
      if (error instanceof AbandonedError) return this.abandon(id, job);
      logger.warn({ recording: id, err: messageOf(error) }, 'recording failed');
      const size = error instanceof CutShortError ? error.size : -1n;
      const failed = await this.persist(() => recordings.fail(id, worker, messageOf(error), size));
      if (!failed) return this.abandon(id, job);
    }
    await files.removeParts(job);
    await this.services.notify.notify(channels.jobs, id).catch(() => undefined);
  }

  /** It was deleted, or another attempt of the same job goes on with the same files. */
  private async abandon(id: string, job: string): Promise<void> {
    const { recordings, files } = this.services;
    const now = await this.persist(() => recordings.find(id));
    if (now?.status !== 'running' || now.order?.job !== job) await files.removeParts(job);
    // Its file may have been made after the files of what was deleted were removed.
    if (now === undefined) await files.remove(id);
  }

  private async make(recording: StoredRecording, worker: string): Promise<bigint> {
    const { order } = recording;
    const { signal } = this.stopping;
    if (order === undefined) throw new Error('nothing was ordered');
    if (order.kind === 'stream') return new StreamRecorder(recording, order, worker, this.services).run(signal);
    const { queries, files, recordings } = this.services;
    const alive = () => recordings.isMine(recording.id, worker).catch(() => true);
    const path = files.path(recording.id, recording.type);
    return files.write(path, order.job, (sink) => queries.record(order, recording.type, sink, { signal, alive }));
  }

  private persist<T>(work: () => Promise<T>): Promise<T> {
    return persistently(work, this.stopping.signal, (error) =>
      this.services.logger.warn({ err: messageOf(error) }, 'the database cannot be reached'),
    );
  }

  /** Saves what runs, for whoever goes on with it. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.worker?.close();
  }
}
