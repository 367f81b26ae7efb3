import {
  channels,
  RECORDINGS_QUEUE,
  REDIS_PREFIX,
  REPLAYS_QUEUE,
  type RecordingJob,
  type ReplayJob,
} from '@supercap/protocol';
import type { Notifications } from '@supercap/storage';
import { currentRequestId, type Logger } from '@supercap/telemetry';
import { unavailable } from '@supercap/transport';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';

/** A notification may be lost with its connection: look anyway after so long. */
const LOOK_MS = 1000;
const ADD_MS = 10_000;

export interface JobQueues {
  /** Throws HttpError 503 when the job cannot be stored. */
  record(job: string, recordingId: string): Promise<void>;
  replay(job: string, replayId: string): Promise<void>;
}

/** What the recorder is to do. A job is done once; whether it is begun again after a crash is the worker's business. */
export class RecorderQueues implements JobQueues {
  private readonly recordings: Queue<RecordingJob>;
  private readonly replays: Queue<ReplayJob>;

  constructor(redis: Redis, log: Logger) {
    const open = <T>(name: string) => {
      const queue = new Queue<T>(name, { connection: redis, prefix: REDIS_PREFIX });
      queue.on('error', (error) => log.debug({ err: error.message, queue: name }, 'queue'));
      return queue;
    };
    this.recordings = open(RECORDINGS_QUEUE);
    this.replays = open(REPLAYS_QUEUE);
  }

  async record(job: string, recordingId: string): Promise<void> {
    await stored(this.recordings.add('record', { recordingId, ...requestId() }, options(job)));
  }

  async replay(job: string, replayId: string): Promise<void> {
    await stored(this.replays.add('replay', { replayId, ...requestId() }, options(job)));
  }

  async close(): Promise<void> {
    await Promise.all([this.recordings.close(), this.replays.close()]);
  }
}

const options = (jobId: string) => ({ jobId, attempts: 1, removeOnComplete: true, removeOnFail: true });

function requestId(): { requestId?: string } {
  const id = currentRequestId();
  return id === undefined ? {} : { requestId: id };
}

async function stored(adding: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), ADD_MS);
  });
  try {
    await Promise.race([adding, late]);
  } catch {
    throw unavailable('the queue of the recorder cannot be reached');
  } finally {
    clearTimeout(timer);
    adding.catch(() => undefined);
  }
}

/** Waits until what `find` gives runs no more. Undefined: it is gone. */
export async function ended<T extends { readonly status: string }>(
  id: string,
  find: () => Promise<T | undefined>,
  notifications: Pick<Notifications, 'next'>,
): Promise<T | undefined> {
  for (;;) {
    const heard = notifications.next(channels.jobs, id, LOOK_MS);
    const found = await find();
    if (found?.status !== 'running') return found;
    await heard;
  }
}
