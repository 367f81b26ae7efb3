import { LOG_START, OffsetTrimmedError, timeOf, type LogEntry, type PointLog } from '@supercap/point-log';
import type { Logger } from '@supercap/telemetry';
import { CatchUp } from './reading/catch-up';
import { EntryFeeder, type FeedingHooks } from './reading/entry-feeder';
import { Feed } from './reading/feed';
import type { TaskRun } from './task-run';

export interface LogReaderHooks extends FeedingHooks {
  /** A run has taken in everything up to `drainTo`. */
  drained(run: TaskRun): void;
  /** A run alone may save itself now: between two entries, and nothing else feeds it. */
  pause(run: TaskRun): Promise<void>;
}

const BLOCK_MS = 1000;
const RETRY_MS = 200;

/**
 * Reads the log for all runs of this executor. They share one feed; those that are behind it, since they were just
 * claimed, saved their state or are slow, catch up beside it, so that nothing that one task does holds up the others.
 */
export class LogReader {
  private readonly feeds = new Map<TaskRun, Feed>();
  private readonly shared: Feed;
  private readonly feeder: EntryFeeder;
  private readonly catchUp: CatchUp;
  private loop: Promise<void> | undefined;
  private reading = false;
  private readonly stopping = new AbortController();
  private wake: (() => void) | undefined;
  /** Somebody goes the last steps: nothing more is begun before. */
  private held: Promise<void> | undefined;

  constructor(
    private readonly log: Pick<PointLog, 'readFrom' | 'range' | 'checkOffset' | 'tail'>,
    private readonly hooks: LogReaderHooks,
    private readonly logger: Logger,
  ) {
    this.feeder = new EntryFeeder(hooks, logger);
    this.shared = new Feed(this.feeds, hooks.watch);
    const { shared } = this;
    const pursued = {
      feed: (feed: Feed, entry: LogEntry) => this.feed(feed, entry),
      moveTo: (feed: Feed, offset: string) => this.moveTo(feed, offset),
      get head() {
        return shared.head;
      },
      add: (run: TaskRun) => this.add(run),
      hold: (lastSteps: () => Promise<void>) => this.hold(lastSteps),
      pause: (run: TaskRun) => hooks.pause(run),
    };
    this.catchUp = new CatchUp(log, this.feeds, this.feeder, pursued, this.stopping.signal, logger);
  }

  /** Where what is being fed comes from. */
  get origin() {
    return this.feeder.origin;
  }

  /** Takes a built run in. */
  add(run: TaskRun): void {
    const { shared } = this;
    if (shared.isDrained(run)) return this.hooks.drained(run);
    if (shared.empty && !this.reading) shared.moveTo(run.offset);
    if (!shared.canTake(run)) return this.catchUp.add(run);
    shared.take(run);
    this.loop ??= this.read();
    this.wake?.();
    this.letLeave(shared);
  }

  /** Takes a run out at once, whatever it is in the middle of: its state is of no use any more. */
  remove(run: TaskRun): void {
    this.feeds.get(run)?.remove(run);
    this.catchUp.remove(run);
  }

  /** Takes a run out between two entries. False if that cannot be, since the lease does not stand. */
  leave(run: TaskRun): Promise<boolean> {
    return this.feeder.between(() => this.remove(run));
  }

  /** Runs `work` between two entries. False if that cannot be, since the lease does not stand. */
  between(work: () => void): Promise<boolean> {
    return this.feeder.between(work);
  }

  /** Lets the run leave the others, runs `work` while nothing feeds it, and lets it catch up. */
  async apart(run: TaskRun, work: () => Promise<void>): Promise<void> {
    if (!(await this.leave(run))) return;
    if (!run.active) return;
    await work();
    if (run.active) this.add(run);
  }

  /** Whether the run reads with others. */
  isShared(run: TaskRun): boolean {
    return this.shared.has(run) || this.catchUp.has(run);
  }

  /** Brings the counters of a run up to date before they are read. */
  settle(run: TaskRun): void {
    this.feeds.get(run)?.settle(run);
  }

  /** Called when `drainTo` was set on a run that runs. */
  drain(run: TaskRun): void {
    this.feeds.get(run)?.attend(run);
    void this.between(() => this.endIfDrained(run));
  }

  /** By the clock of the write log: between the place of the last run and the end. */
  async lagMs(): Promise<number> {
    const end = timeOf(await this.log.tail());
    const places = [...new Set(this.feeds.values())].map(({ place }) => timeOf(place));
    return Math.max(0, ...places.map((place) => end - place));
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.feeder.stop();
    this.wake?.();
    await this.loop;
    for (const run of [...this.feeds.keys()]) this.remove(run);
  }

  private endIfDrained(run: TaskRun): boolean {
    const feed = this.feeds.get(run);
    // Else it is apart, and comes back.
    if (feed === undefined && !this.catchUp.awaits(run)) return false;
    if (!(feed ?? this.shared).isDrained(run)) return false;
    this.remove(run);
    this.hooks.drained(run);
    return true;
  }

  private async read(): Promise<void> {
    const { shared } = this;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      if (shared.empty) {
        this.reading = false;
        await new Promise<void>((resolve) => (this.wake = resolve));
        this.wake = undefined;
        continue;
      }
      this.reading = true;
      shared.start();
      try {
        for await (const batch of this.log.readFrom(shared.offset, { signal, count: 256, blockMs: BLOCK_MS })) {
          for (const entry of batch) {
            await this.feeder.leased();
            while (this.held !== undefined) await this.held;
            if (signal.aborted) return;
            await this.feed(shared, entry);
            await this.feeder.breathe();
          }
          if (shared.size === 0) break;
        }
      } catch (error) {
        if (signal.aborted) return;
        await this.readingFailed(error);
      }
    }
  }

  private async readingFailed(error: unknown): Promise<void> {
    const { shared } = this;
    if (error instanceof OffsetTrimmedError) {
      this.logger.error({ offset: shared.offset }, 'entries of the write log were trimmed before they were read');
      const [first] = await this.log.range(LOG_START, '+', 1);
      if (first !== undefined) await this.feed(shared, first);
      return;
    }
    this.logger.warn({ err: error instanceof Error ? error.message : String(error) }, 'reading the write log failed');
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }

  private async feed(feed: Feed, entry: LogEntry): Promise<void> {
    feed.admitBefore(entry.offset);
    this.letLeave(feed);
    feed.begin(entry.offset);
    try {
      await this.feeder.feed(feed.router, entry, () => this.moveTo(feed, entry.offset));
    } finally {
      feed.giveUp();
    }
  }

  private moveTo(feed: Feed, offset: string): void {
    feed.moveTo(offset);
    this.letLeave(feed);
  }

  private letLeave(feed: Feed): void {
    if (!feed.isBetweenEntries) return;
    for (const run of feed.leaving()) {
      if (this.endIfDrained(run) || feed.isAlone) continue;
      feed.remove(run);
      void this.catchUp.follow(run);
    }
  }

  private async hold(lastSteps: () => Promise<void>): Promise<void> {
    const steps = lastSteps();
    this.held = steps.catch(() => undefined);
    try {
      await steps;
    } finally {
      this.held = undefined;
    }
  }
}
