import { OffsetTrimmedError, compareOffsets, timeOf, type LogEntry, type PointLog } from '@supercap/point-log';
import type { Logger } from '@supercap/telemetry';
import type { TaskRun } from '../task-run';
import type { EntryFeeder } from './entry-feeder';
import { Feed } from './feed';
import { LogSteps } from './log-steps';
import { Permits } from './permits';

/** What those who catch up need of the reader whom they pursue. */
export interface Pursued {
  /** Feeds an entry to a feed and lets those leave that must. */
  feed(feed: Feed, entry: LogEntry): Promise<void>;
  /** Everything up to there was read, and nothing was there. */
  moveTo(feed: Feed, offset: string): void;
  /** The place where the others are. */
  readonly head: string;
  /** Takes in a run that may have caught up. */
  add(run: TaskRun): void;
  /** Holds the others between two entries while somebody goes the last steps. */
  hold(lastSteps: () => Promise<void>): Promise<void>;
  /** A run that reads alone may save itself now. */
  pause(run: TaskRun): Promise<void>;
}

/** Groups that catch up at the same time. */
const MOST_GROUPS = 4;
/** A run waits for a group that is up to so far behind it, rather than to read the log once more itself. */
const NEAR_MS = 5000;
/** Runs that come within so long of each other begin together. */
const GATHER_MS = 10;
/** Runs that read alone and hold entries at the same time. */
const MOST_ALONE = 4;
const RETRY_MS = 200;

interface Group {
  readonly feed: Feed;
  begun: boolean;
}

/**
 * Brings runs that are behind to where the others are. They go in a few groups, each with a router of its own that reads
 * on from the place of its last run and takes in the ones ahead as it passes them: a thousand runs that come back
 * together read the log a few times, not a thousand. A run that is slow goes alone.
 */
export class CatchUp {
  private readonly groups = new Set<Group>();
  /** Behind all groups, and no more of them may be made. */
  private readonly waiting = new Set<TaskRun>();
  private readonly alone = new Permits(MOST_ALONE);
  /** The loop is shared between those who have caught up and one of those who have not. */
  private readonly turn = new Permits(1);

  constructor(
    private readonly log: Pick<PointLog, 'range' | 'checkOffset'>,
    private readonly feeds: Map<TaskRun, Feed>,
    private readonly feeder: EntryFeeder,
    private readonly pursued: Pursued,
    private readonly signal: AbortSignal,
    private readonly logger: Logger,
  ) {}

  add(run: TaskRun): void {
    const group = this.groupFor(run);
    if (group !== undefined) group.feed.take(run);
    else if (this.groups.size < MOST_GROUPS) this.begin(run);
    else this.waiting.add(run);
  }

  remove(run: TaskRun): void {
    this.waiting.delete(run);
  }

  /** Whether it waits for a group to be over. */
  awaits(run: TaskRun): boolean {
    return this.waiting.has(run);
  }

  /** Whether the run reads in one of the groups. */
  has(run: TaskRun): boolean {
    for (const { feed } of this.groups) if (feed.has(run)) return true;
    return false;
  }

  /** For a run that cannot take more for now: it goes on at its own pace. */
  async follow(run: TaskRun): Promise<void> {
    const feed = new Feed(this.feeds, this.feeder.watch, true);
    feed.moveTo(run.offset);
    feed.take(run);
    const steps = new LogSteps(this.log);
    while (!this.signal.aborted && feed.has(run)) {
      if (run.dataflow.saturated) await run.dataflow.whenReady();
      await this.pursued.pause(run);
      if (!feed.has(run)) break;
      await this.alone.use(() => this.step(feed, steps, () => run.dataflow.saturated));
    }
  }

  // --- in groups

  /** The nearest group that will come by. */
  private groupFor(run: TaskRun): Group | undefined {
    let nearest: Group | undefined;
    for (const group of this.groups) {
      if (group.begun && !group.feed.canTake(run)) continue;
      if (nearest === undefined || compareOffsets(group.feed.place, nearest.feed.place) > 0) nearest = group;
    }
    if (nearest === undefined || this.groups.size === MOST_GROUPS) return nearest;
    return Math.abs(timeOf(run.offset) - timeOf(nearest.feed.place)) <= NEAR_MS ? nearest : undefined;
  }

  private begin(run: TaskRun): void {
    const group: Group = { feed: new Feed(this.feeds, this.feeder.watch), begun: false };
    group.feed.take(run);
    this.groups.add(group);
    void this.lead(group);
  }

  private async lead(group: Group): Promise<void> {
    const { feed } = group;
    await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
    group.begun = true;
    feed.start();
    await this.checkStart(feed);
    const steps = new LogSteps(this.log);
    while (!this.signal.aborted && !feed.empty) {
      feed.start();
      await this.step(feed, steps);
    }
    this.groups.delete(group);
    this.letIn();
  }

  private letIn(): void {
    const byPlace = [...this.waiting].sort((a, b) => compareOffsets(a.offset, b.offset));
    this.waiting.clear();
    for (const run of byPlace) this.add(run);
  }

  /** Goes on by some entries, and hands the runs over when there is nothing left to catch up with. */
  private async step(feed: Feed, steps: LogSteps, isFull = () => false): Promise<void> {
    try {
      const { head } = this.pursued;
      const entries = await steps.after(feed.offset);
      await this.turn.use(async () => {
        const last = entries.at(-1);
        // Of what others have read already nothing is there any more.
        if (last === undefined && compareOffsets(head, feed.offset) > 0) this.pursued.moveTo(feed, head);
        // The others wait for the last steps: they would go on by as many, and be chased for ever.
        if (compareOffsets(last?.offset ?? feed.offset, this.pursued.head) < 0) await this.feed(feed, entries, isFull);
        else await this.pursued.hold(() => this.goLastSteps(feed, entries, isFull));
      });
    } catch (error) {
      this.logger.warn({ err: error instanceof Error ? error.message : String(error) }, 'reading the write log failed');
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  private async goLastSteps(feed: Feed, entries: readonly LogEntry[], isFull: () => boolean): Promise<void> {
    await this.feed(feed, entries, isFull);
    if (this.signal.aborted || isFull() || compareOffsets(feed.offset, this.pursued.head) < 0) return;
    for (const run of feed.clear()) this.pursued.add(run);
  }

  private async feed(feed: Feed, entries: readonly LogEntry[], isFull: () => boolean): Promise<void> {
    for (const entry of entries) {
      await this.feeder.leased();
      if (this.signal.aborted || feed.empty) return;
      await this.pursued.feed(feed, entry);
      if (isFull()) return;
      await this.feeder.breathe();
    }
  }

  private async checkStart(feed: Feed): Promise<void> {
    try {
      await this.log.checkOffset(feed.offset);
    } catch (error) {
      if (!(error instanceof OffsetTrimmedError)) return;
      this.logger.error({ offset: feed.offset }, 'entries that tasks needed were trimmed before they were read');
    }
  }
}
