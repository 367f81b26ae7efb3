import { channels, REDIS_PREFIX, REPLAYS_QUEUE, type ReplayJob } from '@supercap/protocol';
import type { ReplayRepository, RunStore } from '@supercap/storage';
import { withRequestId, type Logger } from '@supercap/telemetry';
import { Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import type { RecordingFiles } from '../files/recording-files';
import { INTERRUPTED, messageOf, persistently } from '../work';
import { ReplayError, type Replayer } from './replayer';

const CONCURRENCY = 100;
/** So long a stopping recorder lets replays end by themselves. */
const DRAIN_MS = 3000;

export interface ReplayJobServices {
  readonly replays: ReplayRepository;
  readonly replayer: Replayer;
  readonly files: RecordingFiles;
  readonly notify: Pick<RunStore, 'notify'>;
  readonly logger: Logger;
}

/** Plays the replays that are ordered. None is begun twice: its handlers have acted. */
export class ReplayJobs {
  private readonly stopping = new AbortController();
  private readonly running = new Set<Promise<void>>();
  private worker: Worker<ReplayJob> | undefined;

  constructor(
    private readonly redis: Redis,
    private readonly services: ReplayJobServices,
  ) {}

  start(): void {
    this.worker = new Worker<ReplayJob>(REPLAYS_QUEUE, (job) => this.process(job), {
      connection: this.redis,
      prefix: REDIS_PREFIX,
      concurrency: CONCURRENCY,
      lockDuration: 6000,
      stalledInterval: 2000,
      maxStalledCount: 0,
    });
    this.worker.on('error', (error) => this.services.logger.debug({ err: error.message }, 'replay worker'));
  }

  private async process(job: Job<ReplayJob>): Promise<void> {
    const { replayId, requestId } = job.data;
    const work = () => this.replay(replayId, job.id!);
    const done = requestId === undefined ? work() : withRequestId(requestId, work);
    this.running.add(done);
    await done.finally(() => this.running.delete(done));
  }

  private async replay(id: string, job: string): Promise<void> {
    const { replays, replayer, files, notify, logger } = this.services;
    const replay = await this.persist(() => replays.find(id));
    if (replay === undefined || replay.order.job !== job || replay.status !== 'running') return;
    const { signal } = this.stopping;
    try {
      const stats = await replayer.run(replay, signal);
      await this.persist(() => replays.finish(id, job, stats));
    } catch (error) {
      const { phase, message } = signal.aborted ? new ReplayError('', INTERRUPTED) : asReplayError(error);
      logger.info({ replay: id, task: replay.taskId, phase, err: message }, 'replay failed');
      // Once at least, also when the recorder stops.
      await replays
        .fail(id, job, phase, message)
        .catch(() => this.persist(() => replays.fail(id, job, phase, message)));
    }
    await files.removeParts(job);
    await notify.notify(channels.jobs, id).catch(() => undefined);
  }

  private persist<T>(work: () => Promise<T>): Promise<T> {
    return persistently(work, this.stopping.signal, (error) =>
      this.services.logger.warn({ err: messageOf(error) }, 'the database cannot be reached'),
    );
  }

  async stop(): Promise<void> {
    const closing = this.worker?.close();
    const timer = setTimeout(() => this.stopping.abort(), DRAIN_MS);
    await Promise.all(this.running).catch(() => undefined);
    clearTimeout(timer);
    this.stopping.abort();
    await closing;
  }
}

const asReplayError = (error: unknown): ReplayError =>
  error instanceof ReplayError ? error : new ReplayError('replay', messageOf(error));
