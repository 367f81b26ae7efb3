import { Router, type LoopWatch, type Origin, type RoutedEntry } from '@supercap/dataflow';
import { EntryReader } from '@supercap/line-protocol';
import { LOG_START, OffsetTrimmedError, compareOffsets, type LogEntry, type PointLog } from '@supercap/point-log';
import type { Logger } from '@supercap/telemetry';
import type { Place, TaskRun } from './task-run';

export interface LogReaderHooks {
  /** Whether the lease still stands, by this process' own clock: asked before every entry. */
  mayProceed(): boolean;
  /** Effects of the entries so far wait to go out: nothing more is read until they have. */
  ready(): Promise<void> | undefined;
  /** A run has taken in everything up to `drainTo`. */
  drained(run: TaskRun): void;
  /** A run alone may save itself now: between two entries, and nothing else feeds it. */
  pause(run: TaskRun): Promise<void>;
}

/** Entries that a run alone fetches at once. */
const CATCH_UP_ENTRIES = 16;
const BLOCK_MS = 1000;
/** Longer than this no reader holds the loop, but for a single entry. */
const TURN_MS = 10;
/** Without a lease nothing is read; it is asked for again after so long. */
const UNLEASED_MS = 20;
/** A run that is ahead of the others looks again after so long. */
const AHEAD_MS = 5;

/**
 * Reads the log for all runs of this executor. They share one reader; a run that was just claimed, that saves its
 * state, or that is slow reads alone until it has caught up, so that nothing that one task does holds up the others.
 */
export class LogReader {
  private readonly router: Router;
  private readonly shared = new Set<TaskRun>();
  /** Those of them that are looked at after every entry: they drain, or may be full. */
  private readonly attended = new Set<TaskRun>();
  /** Where what is being fed comes from: of all runs, since only one entry is fed at a time. */
  readonly origin: Origin = { current: undefined };
  private readonly entries = new EntryReader();
  /** Everything up to here has been handed to the shared runs. */
  private offset = '0-0';
  private loop: Promise<void> | undefined;
  private lastTurn = performance.now();
  private stopping = new AbortController();
  private wake: (() => void) | undefined;

  constructor(
    private readonly log: Pick<PointLog, 'readFrom' | 'range'>,
    private readonly hooks: LogReaderHooks,
    private readonly logger: Logger,
    private readonly watch?: LoopWatch,
  ) {
    this.router = new Router(watch);
  }

  /** Takes a built run in. It reads alone until it is where the others are. */
  add(run: TaskRun): void {
    if (!this.tryJoin(run)) void this.follow(run);
  }

  /** Takes a run out at once, between two entries. */
  remove(run: TaskRun): void {
    if (!this.shared.delete(run)) return;
    this.attended.delete(run);
    run.offset = this.offset;
    this.router.remove(run);
  }

  /** Lets the run leave the others, runs `work` while nothing feeds it, and lets it catch up. */
  async apart(run: TaskRun, work: () => Promise<void>): Promise<void> {
    this.remove(run);
    await work();
    if (run.active) this.add(run);
  }

  isShared(run: TaskRun): boolean {
    return this.shared.has(run);
  }

  /** Brings the counters of a run up to date before they are read. */
  settle(run: TaskRun): void {
    this.router.settle(run);
    if (this.shared.has(run)) run.offset = this.offset;
  }

  async stop(): Promise<void> {
    for (const run of [...this.shared]) this.remove(run);
    this.stopping.abort();
    this.wake?.();
    await this.loop;
  }

  // --- together

  private tryJoin(run: TaskRun): boolean {
    if (this.shared.size === 0 && !this.reading) {
      this.offset = run.offset;
    } else if (compareOffsets(run.offset, this.offset) !== 0) return false;
    this.shared.add(run);
    if (run.drainTo !== undefined || run.dataflow.waits) this.attended.add(run);
    this.router.add(run);
    if (this.loop === undefined) this.loop = this.read();
    this.wake?.();
    if (run.drainTo !== undefined) this.checkDrained(run);
    return true;
  }

  private reading = false;

  private async read(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      if (this.shared.size === 0) {
        this.reading = false;
        await new Promise<void>((resolve) => (this.wake = resolve));
        this.wake = undefined;
        continue;
      }
      this.reading = true;
      try {
        for await (const batch of this.log.readFrom(this.offset, { signal, count: 256, blockMs: BLOCK_MS })) {
          for (const { offset, entry } of batch) {
            await this.leased();
            if (signal.aborted) return;
            this.takeShared(entry, offset);
            await this.breathe();
          }
          if (this.shared.size === 0) break;
        }
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof OffsetTrimmedError) {
          this.logger.error({ offset: this.offset }, 'entries of the write log were trimmed before they were read');
          const first = await this.firstEntry();
          if (first !== undefined) this.takeShared(first.entry, first.offset);
          continue;
        }
        this.logger.warn(
          { err: error instanceof Error ? error.message : String(error) },
          'reading the write log failed',
        );
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }

  /** Waits while the lease does not stand: its loss is told to the runs, a late renewal lets them go on. */
  private async leased(): Promise<void> {
    while (!this.hooks.mayProceed() && !this.stopping.signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, UNLEASED_MS));
    }
  }

  /** Between two entries: waits for effects where it must, and gives the loop a turn where it has been long. */
  private async breathe(): Promise<void> {
    const ready = this.hooks.ready();
    if (ready !== undefined) await ready;
    if (performance.now() - this.lastTurn < TURN_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.lastTurn = performance.now();
  }

  private async firstEntry(): Promise<LogEntry | undefined> {
    return (await this.log.range(LOG_START, '+', 1))[0];
  }

  private takeShared(bytes: Buffer, offset: string): void {
    this.dispatch(this.router, bytes, offset);
    this.offset = offset;
    for (const run of this.attended) {
      if (run.drainTo !== undefined) this.checkDrained(run);
      else if (run.dataflow.saturated) {
        this.remove(run);
        void this.follow(run);
      }
    }
  }

  private dispatch(router: Router, bytes: Buffer, offset: string): void {
    const entry = this.decode(bytes, offset);
    if (entry === undefined) return;
    this.origin.current = { offset } satisfies Place;
    router.dispatch(entry);
  }

  private checkDrained(run: TaskRun): void {
    const at = this.shared.has(run) ? this.offset : run.offset;
    if (run.drainTo === undefined || compareOffsets(at, run.drainTo) < 0) return;
    this.remove(run);
    this.hooks.drained(run);
  }

  /** Called when `drainTo` was set on a run that runs. */
  drain(run: TaskRun): void {
    if (!this.shared.has(run)) return;
    this.attended.add(run);
    this.checkDrained(run);
  }

  private decode(bytes: Buffer, offset: string): RoutedEntry | undefined {
    try {
      return this.entries.read(bytes);
    } catch (error) {
      // An entry that cannot be read is the same for every run: leave it out, loudly, rather than stop for ever.
      this.logger.error({ err: error, offset }, 'an entry of the write log cannot be read');
      return undefined;
    }
  }

  // --- alone

  private async follow(run: TaskRun): Promise<void> {
    const own = new Router(this.watch);
    own.add(run);
    try {
      while (run.active && !this.stopping.signal.aborted) {
        if (run.dataflow.saturated) await run.dataflow.whenReady();
        await this.hooks.pause(run);
        if (!run.active) break;
        if (run.drainTo !== undefined && compareOffsets(run.offset, run.drainTo) >= 0) {
          this.hooks.drained(run);
          return;
        }
        own.settle(run);
        if (!run.dataflow.saturated && this.tryJoin(run)) return;
        await this.catchUp(run, own);
      }
    } finally {
      own.remove(run);
    }
  }

  private async catchUp(run: TaskRun, own: Router): Promise<void> {
    try {
      // A run that drains may be ahead of everybody: it reads up to its own end.
      const end = run.drainTo !== undefined && compareOffsets(run.drainTo, this.offset) > 0 ? run.drainTo : this.offset;
      if (compareOffsets(end, run.offset) <= 0) {
        await new Promise((resolve) => setTimeout(resolve, AHEAD_MS));
        return;
      }
      const entries = await this.log.range(run.offset, end, CATCH_UP_ENTRIES);
      if (entries.length === 0) run.offset = end;
      for (const { offset, entry } of entries) {
        await this.leased();
        if (!run.active || this.stopping.signal.aborted) return;
        this.dispatch(own, entry, offset);
        run.offset = offset;
        if (run.dataflow.saturated) break;
        await this.breathe();
      }
    } catch (error) {
      if (error instanceof OffsetTrimmedError) {
        this.logger.error({ task: run.taskId, offset: run.offset }, 'entries that a task needed were trimmed');
        run.offset = (await this.firstEntry())?.offset ?? this.offset;
        return;
      }
      this.logger.warn({ err: error instanceof Error ? error.message : String(error) }, 'reading the write log failed');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
