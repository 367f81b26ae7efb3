import { Dataflow, systemClock, type DataflowLimits } from '@supercap/dataflow';
import { edgeMismatch, StartError, type Catalog, type Ports, type TaskInfo } from '@supercap/pipeline';
import { LOG_START, type PointLog } from '@supercap/point-log';
import type { ClaimedRun, RunStore, SnapshotStore } from '@supercap/storage';
import type { Logger } from '@supercap/telemetry';
import { failureKind } from './failure';
import type { Lease } from './lease';
import { LogReader } from './log-reader';
import { RunSaver } from './run-saver';
import { TaskRun, type Place } from './task-run';

/** What a run needs of the rest of the executor. */
export interface RunEnvironment {
  /** Loads what the ports of a run must know before it starts. May throw StartError. */
  prepare(run: TaskRun): Promise<void>;
  portsOf(run: TaskRun, nodeName: string): Ports;
  /** Effects so far have not gone out and no more may be made: wait. */
  ready(): Promise<void> | undefined;
  /** Resolves when everything that the run has sent out so far is safe. Rejects when the run has lost its epoch. */
  flushed(run: TaskRun): Promise<void>;
  /** The run is gone from this executor. */
  released(run: TaskRun): void;
}

export interface RunKeeperSettings {
  readonly snapshotIntervalMs: number;
  readonly tickMs: number;
  readonly limits: DataflowLimits;
}

/** So many runs are claimed and built at a time. */
const CLAIM_AT_ONCE = 200;
const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 5000;
/** So often a run is built before it fails for what nobody can name. */
const MOST_ATTEMPTS = 6;
/** Runs that are saved beside each other when they are handed back. */
const HANDED_AT_ONCE = 20;

/** Owns this executor's share of the runs: claims, builds, saves, drains and hands back. */
export class RunKeeper {
  readonly runs = new Map<string, TaskRun>();
  readonly reader: LogReader;
  private readonly saver: RunSaver;
  private timer: NodeJS.Timeout | undefined;
  private ticking: Promise<void> | undefined;
  private again = false;
  private stopping = false;
  private lastNumber = 0;

  constructor(
    private readonly store: RunStore,
    private readonly snapshots: SnapshotStore,
    private readonly lease: Pick<Lease, 'id' | 'valid' | 'watch' | 'watchRun' | 'unwatchRun'>,
    private readonly log: PointLog,
    private readonly catalog: Catalog,
    private readonly environment: RunEnvironment,
    private readonly settings: RunKeeperSettings,
    private readonly logger: Logger,
  ) {
    this.reader = new LogReader(
      log,
      {
        mayProceed: () => this.lease.valid,
        ready: () => this.environment.ready(),
        drained: (run) => void this.end(run),
        pause: (run) => this.saver.saveIfDue(run),
        watch: this.lease.watch,
      },
      logger,
    );
    this.saver = new RunSaver(
      store,
      snapshots,
      {
        reader: this.reader,
        leased: () => this.lease.valid,
        flushed: (run) => this.environment.flushed(run),
        lost: (run) => this.drop(run),
      },
      settings.snapshotIntervalMs,
      logger,
    );
  }

  start(): void {
    this.look();
  }

  /** Looks at once (a notification came), or right after the look that is under way. */
  look(): void {
    if (this.stopping) return;
    if (this.ticking !== undefined) {
      this.again = true;
      return;
    }
    clearTimeout(this.timer);
    this.ticking = this.tick().finally(() => {
      this.ticking = undefined;
      if (this.again) {
        this.again = false;
        this.look();
      } else if (!this.stopping) this.timer = setTimeout(() => this.look(), this.settings.tickMs);
    });
  }

  private async tick(): Promise<void> {
    if (!this.lease.valid) return;
    try {
      await this.compareWithHeld();
      await this.claimShare();
      this.saver.saveDue(this.runs.values());
    } catch (error) {
      this.logger.warn({ err: error instanceof Error ? error.message : String(error) }, 'looking for runs failed');
    }
  }

  /** Of the runs that are built. */
  dataflows(): Dataflow[] {
    return [...this.runs.values()].flatMap(({ status, dataflow }) =>
      status === 'running' || status === 'draining' ? [dataflow] : [],
    );
  }

  /** The lease was lost: every run stops at once and writes nothing. */
  dropAll(): void {
    for (const run of [...this.runs.values()]) this.drop(run);
  }

  private drop(run: TaskRun): void {
    run.status = run.status === 'failed' ? 'failed' : 'lost';
    this.reader.remove(run);
    run.dataflow?.close();
    this.runs.delete(run.taskId);
    this.lease.unwatchRun(run.number);
    this.environment.released(run);
  }

  /** Drops what is ours no more, and begins to drain what was disabled. */
  private async compareWithHeld(): Promise<void> {
    const before = [...this.runs.values()];
    const held = new Map((await this.store.held(this.lease.id)).map((row) => [row.taskId, row]));
    for (const run of before) {
      const row = held.get(run.taskId);
      if (run.status === 'lost' || run.status === 'ended') continue;
      if (row === undefined || row.epoch !== run.epoch) {
        if (this.runs.get(run.taskId) === run) this.drop(run);
      } else if (!row.wanted && row.drainTo !== null && run.drainTo === undefined && run.status !== 'building') {
        run.drainTo = row.drainTo;
        run.status = 'draining';
        this.reader.drain(run);
      }
    }
    // Rows that name us without a run here: left by a claim whose answer was lost.
    const orphans = [...held.values()].filter((row) => !this.runs.has(row.taskId));
    await this.store.release(orphans);
  }

  private async claimShare(): Promise<void> {
    const [executors, active] = [await this.store.liveExecutors(), await this.store.active()];
    const share = Math.ceil(active / Math.max(1, executors.length));
    if (this.runs.size > share) await this.handBack([...this.runs.values()].slice(share));
    while (this.runs.size < share && this.lease.valid && !this.stopping) {
      const claimed = await this.store.claim(this.lease.id, Math.min(CLAIM_AT_ONCE, share - this.runs.size));
      if (claimed.length === 0) break;
      await Promise.all(claimed.map((run) => this.build(run)));
    }
  }

  // --- building

  /** Builds a claimed run. What passes is tried again, with the claim held meanwhile; only what will not pass fails it. */
  private async build(claimed: ClaimedRun): Promise<void> {
    const number = ++this.lastNumber;
    this.lease.watchRun(number, claimed);
    let delay = FIRST_RETRY_MS;
    for (let attempt = 1; ; attempt++) {
      const run = new TaskRun(claimed, claimed.offset ?? LOG_START, number);
      this.runs.set(run.taskId, run);
      try {
        await this.buildOnce(run, claimed);
        if (this.runs.get(run.taskId) !== run) this.lease.unwatchRun(number);
        return;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        const kind = failureKind(error);
        const isOurs = this.runs.get(run.taskId) === run;
        run.dataflow?.close();
        if (kind === 'task' || (kind === 'unknown' && attempt >= MOST_ATTEMPTS) || !isOurs || this.stopping) {
          if (isOurs) this.drop(run);
          if (isOurs && !this.stopping) await this.giveUp(claimed, message);
          return;
        }
        this.logger.warn({ task: claimed.taskId, err: message }, 'task cannot be started yet');
      }
      await new Promise((resolve) => setTimeout(resolve, delay));
      delay = Math.min(delay * 2, LONGEST_RETRY_MS);
      // It was taken away or given up while it waited.
      if (this.runs.get(run.taskId) !== run) return this.lease.unwatchRun(number);
    }
  }

  private async giveUp(claimed: ClaimedRun, message: string): Promise<void> {
    this.logger.warn({ task: claimed.taskId, err: message }, 'task could not be started');
    await this.store.failed(claimed, message).catch((failure: unknown) => {
      this.logger.warn({ task: claimed.taskId, err: String(failure) }, 'the failure of a task could not be stored');
    });
  }

  private async buildOnce(run: TaskRun, claimed: ClaimedRun): Promise<void> {
    if (claimed.offset === null) run.offset = await this.log.tail();
    await this.environment.prepare(run);
    const mismatch = edgeMismatch(run.pipeline, this.catalog);
    if (mismatch !== undefined) throw new StartError(mismatch);
    run.dataflow = this.makeDataflow(run);
    await run.dataflow.start(claimed.hasSnapshot ? await this.snapshots.load(claimed) : undefined);
    run.begin();
    if (run.status === 'lost' || !(await this.store.started(run, run.offset))) {
      this.drop(run);
      return;
    }
    // It was dropped meanwhile.
    if (this.runs.get(run.taskId) !== run) return;
    if (hasFailed(run)) {
      await this.stopFailed(run);
      return;
    }
    run.savedOffset = run.offset;
    run.status = run.drainTo === undefined ? 'running' : 'draining';
    this.logger.info({ task: run.taskId, generation: run.generation, epoch: String(run.epoch) }, 'task runs');
    this.reader.add(run);
  }

  private makeDataflow(run: TaskRun): Dataflow {
    const task: TaskInfo = { id: run.taskId, type: run.pipeline.type, dbrps: run.dbrps, master: 'main' };
    return new Dataflow(run.pipeline, {
      task,
      clock: systemClock,
      log: (level, message, fields) => this.logger[level]({ task: run.taskId, ...fields }, message),
      limits: this.settings.limits,
      origin: this.reader.origin,
      definition: (kind) => this.catalog.get(kind),
      portsOf: (nodeName) => this.environment.portsOf(run, nodeName),
      failed: (error) => void this.fail(run, error.message),
      watch: this.lease.watch,
      number: run.number,
    });
  }

  private async fail(run: TaskRun, message: string): Promise<void> {
    if (run.status === 'lost' || run.status === 'failed') return;
    const built = run.status !== 'building';
    run.error = message;
    run.status = 'failed';
    // Else it is told once the run is known to have started.
    if (built) await this.stopFailed(run);
  }

  private async stopFailed(run: TaskRun): Promise<void> {
    this.logger.error({ task: run.taskId, err: run.error }, 'task stopped with an error');
    this.drop(run);
    // What it sent before it failed still goes out.
    await this.environment.flushed(run).catch(() => undefined);
    await this.store.failed(run, run.error);
  }

  // --- ending

  /** A disabled run has read everything that was written before: its nodes finish and its row goes. */
  private async end(run: TaskRun): Promise<void> {
    if (run.status === 'ended' || run.status === 'lost') return;
    await run.busy;
    await run.dataflow.finish({ offset: run.offset } satisfies Place);
    run.status = 'ended';
    await this.environment.flushed(run).catch(() => undefined);
    run.dataflow.close();
    this.runs.delete(run.taskId);
    this.lease.unwatchRun(run.number);
    this.environment.released(run);
    await this.store.ended(run).catch((error: unknown) => {
      this.logger.warn({ task: run.taskId, err: String(error) }, 'the end of a task could not be stored');
    });
    this.logger.info({ task: run.taskId }, 'task ended');
  }

  /** Saves runs and gives them to whoever claims them next. */
  private async handBack(runs: readonly TaskRun[]): Promise<void> {
    const given: TaskRun[] = [];
    const give = async (run: TaskRun) => {
      if (run.status !== 'running') return;
      // What is being saved comes back to the reader as soon as its state is written down.
      do {
        await run.busy;
        if (!(await this.reader.leave(run))) return;
      } while (run.saving);
      if (run.dataflow.changed || run.offset !== run.savedOffset) await this.saver.save(run);
      if (this.runs.get(run.taskId) !== run) return;
      given.push(run);
      this.drop(run);
    };
    for (let i = 0; i < runs.length; i += HANDED_AT_ONCE)
      await Promise.all(runs.slice(i, i + HANDED_AT_ONCE).map(give));
    await this.store.release(given);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    await this.ticking;
    for (const run of [...this.runs.values()]) if (run.status === 'draining') await run.busy;
    await this.handBack([...this.runs.values()]);
    this.dropAll();
    await this.reader.stop();
  }
}

/** Asked after waiting: a node may have failed meanwhile. */
const hasFailed = ({ status }: TaskRun): boolean => status === 'failed';
