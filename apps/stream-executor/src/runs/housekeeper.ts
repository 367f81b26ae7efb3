import type { Database, EventStore, RunStore } from '@supercap/storage';
import type { Logger } from '@supercap/telemetry';
import type { QueueAdoption } from '../alerts/queue-adoption';
import type { LogTrimmer } from './log-trimmer';

const TRIM_MS = 1000;
const PRUNE_MS = 10 * 60_000;
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
    private readonly adoption: QueueAdoption,
    private readonly executorId: () => string,
    private readonly keepEventsMs: number,
    private readonly logger: Logger,
  ) {}

  start(): void {
    const loop = async () => {
      this.working = this.once();
      await this.working;
      if (!this.stopped) this.timer = setTimeout(() => void loop(), TRIM_MS);
    };
    void loop();
  }

  /** What one of its duties fails for must not keep it from the others. */
  private async once(): Promise<void> {
    await this.duty('burying', () => this.bury());
    await this.duty('adopting queues', () => this.adopt());
    await this.duty('trimming', () => this.trim());
    if (Date.now() - this.lastPrune > PRUNE_MS) {
      this.lastPrune = Date.now();
      await this.duty('pruning', () => this.events.prune(this.keepEventsMs));
    }
  }

  private async duty(what: string, work: () => Promise<unknown>): Promise<void> {
    if (this.stopped) return;
    try {
      await work();
    } catch (error) {
      this.logger.warn({ duty: what, err: messageOf(error) }, 'housekeeping failed');
    }
  }

  private async bury(): Promise<void> {
    const buried = await this.runs.bury(this.executorId());
    for (const id of buried) this.logger.warn({ executor: id }, 'an executor is gone: its runs are free');
    if (buried.length > 0) await this.runs.notify('supercap_runs', '');
  }

  /** Takes on what executors that are gone have left to deliver. */
  private async adopt(): Promise<void> {
    await this.adoption.adopt((await this.runs.liveExecutors()).map(({ id }) => id));
  }

  /** One executor at a time is enough; where nobody can say who, several do no harm. */
  private async trim(): Promise<void> {
    let locked = false;
    try {
      await this.db.$transaction(async (tx) => {
        const rows = await tx.$queryRaw<{ locked: boolean }[]>`SELECT pg_try_advisory_xact_lock(${LOCK}) AS locked`;
        locked = true;
        if (rows[0]?.locked === true) await this.trimmer.trim();
      });
    } catch (error) {
      if (locked) throw error;
      this.logger.debug({ err: messageOf(error) }, 'trimming without the lock');
      await this.trimmer.trim();
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.working;
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
