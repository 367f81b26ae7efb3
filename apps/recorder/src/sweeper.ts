import { channels, RECORDINGS_QUEUE, REDIS_PREFIX, REPLAYS_QUEUE } from '@supercap/protocol';
import type { RecordingRepository, ReplayRepository, RunStore } from '@supercap/storage';
import type { Logger } from '@supercap/telemetry';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { RecordingFiles } from './files/recording-files';
import { INTERRUPTED, messageOf } from './work';

const SWEEP_MS = 1000;
/** A record is there before its job: so long it may be without. */
const GRACE_MS = 12_000;
const PRUNE_MS = 10 * 60_000;
const KEEP_HOURS = 24;

export interface SweeperServices {
  readonly recordings: RecordingRepository;
  readonly replays: ReplayRepository;
  readonly files: RecordingFiles;
  readonly notify: Pick<RunStore, 'notify'>;
  readonly logger: Logger;
}

/** Ends what nobody works on any more, forgets what nobody can ask for, and removes the files of what was deleted. */
export class Sweeper {
  private readonly recordingQueue: Queue;
  private readonly replayQueue: Queue;
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> = Promise.resolve();
  private stopped = false;
  private lastPrune = 0;

  constructor(
    redis: Redis,
    private readonly services: SweeperServices,
  ) {
    const open = (name: string) => {
      const queue = new Queue(name, { connection: redis, prefix: REDIS_PREFIX });
      queue.on('error', (error) => services.logger.debug({ err: error.message, queue: name }, 'queue'));
      return queue;
    };
    this.recordingQueue = open(RECORDINGS_QUEUE);
    this.replayQueue = open(REPLAYS_QUEUE);
  }

  start(): void {
    const loop = async () => {
      this.working = this.sweep().catch((error: unknown) => {
        this.services.logger.warn({ err: messageOf(error) }, 'looking for lost recordings failed');
      });
      await this.working;
      if (!this.stopped) this.timer = setTimeout(() => void loop(), SWEEP_MS);
    };
    void loop();
  }

  private async sweep(): Promise<void> {
    const { recordings, replays, files } = this.services;
    if (Date.now() - this.lastPrune > PRUNE_MS) {
      this.lastPrune = Date.now();
      await replays.prune(KEEP_HOURS);
    }
    for (const id of await recordings.deleted()) await recordings.remove(id, () => files.remove(id));
    for (const { id, date, order } of await recordings.running()) {
      if (isNew(date) || (await isQueued(this.recordingQueue, order?.job))) continue;
      if (await recordings.fail(id, undefined, INTERRUPTED)) await this.lost('recording', id);
    }
    for (const { id, date, order } of await replays.running()) {
      if (isNew(date) || (await isQueued(this.replayQueue, order.job))) continue;
      await replays.fail(id, order.job, '', INTERRUPTED);
      await this.lost('replay', id);
    }
  }

  private async lost(kind: string, id: string): Promise<void> {
    this.services.logger.warn({ [kind]: id }, `a ${kind} was interrupted`);
    await this.services.notify.notify(channels.jobs, id);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.working;
    await Promise.all([this.recordingQueue.close(), this.replayQueue.close()]);
  }
}

const isNew = (date: Date) => Date.now() - date.getTime() < GRACE_MS;

const isQueued = async (queue: Queue, job: string | undefined): Promise<boolean> =>
  job !== undefined && (await queue.getJob(job)) !== undefined;
