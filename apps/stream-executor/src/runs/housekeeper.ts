import type { Database, EventStore, RunStore } from '@supercap/storage';
import type { Logger } from '@supercap/telemetry';
import type { Redis } from 'ioredis';
import { forgetQueue, orphanQueues, releaseHeldJobs } from '../alerts/delivery-queue';
import type { DeliveryWorker } from '../alerts/delivery-worker';
import type { LogTrimmer } from './log-trimmer';

const TRIM_MS = 1000;
const PRUNE_MS = 10 * 60_000;
const KEEP_EVENTS_HOURS = 48;
/** The lock that one executor at a time holds while it keeps house. */
const LOCK = 7_270_736;

/** Work that one executor does for all: burying the dead, trimming the log, forgetting old events, adopting queues. */
export class Housekeeper {
  private timer: NodeJS.Timeout | undefined;
  private lastPrune = 0;
  private working: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly db: Database,
    private readonly runs: RunStore,
    private readonly events: EventStore,
    private readonly trimmer: LogTrimmer,
    private readonly redis: Redis,
    private readonly deliveries: DeliveryWorker,
    private readonly ownQueue: () => string | undefined,
    private readonly logger: Logger,
  ) {}

  start(): void {
    const loop = async () => {
      this.working = this.once().catch((error: unknown) => {
        this.logger.warn({ err: error instanceof Error ? error.message : String(error) }, 'housekeeping failed');
      });
      await this.working;
      if (!this.stopped) this.timer = setTimeout(() => void loop(), TRIM_MS);
    };
    void loop();
  }

  private async once(): Promise<void> {
    const buried = await this.runs.bury();
    for (const id of buried) this.logger.warn({ executor: id }, 'an executor is gone: its runs are free');
    if (buried.length > 0) await this.runs.notify('supercap_runs', '');
    await this.adoptQueues();
    await this.db.$transaction(async (tx) => {
      const rows = await tx.$queryRaw<{ locked: boolean }[]>`SELECT pg_try_advisory_xact_lock(${LOCK}) AS locked`;
      if (rows[0]?.locked === true) await this.trimmer.trim();
    });
    if (Date.now() - this.lastPrune > PRUNE_MS) {
      this.lastPrune = Date.now();
      await this.events.prune(KEEP_EVENTS_HOURS);
    }
  }

  /** Works off what executors that are gone have left, with one job at a time so that its order is kept. */
  private async adoptQueues(): Promise<void> {
    const live = (await this.runs.liveExecutors()).map(({ id }) => id);
    const orphans = (await orphanQueues(this.redis, live)).filter((name) => name !== this.ownQueue());
    for (const name of orphans) {
      if (this.deliveries.queues.includes(name)) {
        if (await forgetQueue(this.redis, name)) await this.deliveries.abandon(name);
        else await releaseHeldJobs(this.redis, name);
      } else {
        await releaseHeldJobs(this.redis, name);
        this.deliveries.serve(name, 1);
      }
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.working;
  }
}
