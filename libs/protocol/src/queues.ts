// Names and payloads of the BullMQ queues and the channels between the services. Payloads only grow.

/** Prefix of everything that supercap keeps in Redis. */
export const REDIS_PREFIX = 'supercap';

export const RECORDINGS_QUEUE = 'recordings';
export const REPLAYS_QUEUE = 'replays';
/** One queue per executor, `deliveries-<executor id>`. */
export const deliveriesQueue = (executorId: string) => `deliveries-${executorId}`;

/** Job of the recordings queue; the rest is in the recording's record. */
export interface RecordingJob {
  readonly recordingId: string;
  readonly requestId?: string;
}

/** Job of the replays queue; the rest is in the replay's record. Never tried again. */
export interface ReplayJob {
  readonly replayId: string;
  readonly requestId?: string;
}

/** Redis channel on which a change of the log level reaches every process: the message is the level. */
export const LOG_LEVEL_CHANNEL = `${REDIS_PREFIX}:log-level`;

/** Postgres channels (LISTEN/NOTIFY). */
export const channels = {
  /** A run was enabled, disabled or released: executors look at once. Payload: the task id. */
  runs: 'supercap_runs',
  /** A run was built, failed or ended. Payload: the task id. */
  runStatus: 'supercap_run_status',
  /** Topic handlers or topics changed. Payload: a token, a blank, and the topic id, or `deleted:` and the id of one. */
  topics: 'supercap_topics',
  /** An executor knows of such a change. Payload: the token. */
  topicsKnown: 'supercap_topics_known',
  /** A recording or replay ended. Payload: its id. */
  jobs: 'supercap_jobs',
} as const;
