import { Dataflow, systemClock, type DataflowLimits } from '@supercap/dataflow';
import { edgeMismatch, StartError, type Catalog, type Ports, type TaskInfo } from '@supercap/pipeline';
import type { PointLog } from '@supercap/point-log';
import type { ClaimedRun, RunStore } from '@supercap/storage';
import type { Logger } from '@supercap/telemetry';
import type { Lease } from './lease';
import { LogReader } from './log-reader';
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
const CLAIM_AT_ONCE = 50;
/** State of so many groups is written without a turn of the loop in between (a dataflow takes one every 500). */
const GROUPS_IN_PLACE = 400;
/** So long the loop is held for small states before it gets a turn. */
const SAVING_TURN_MS = 5;
/** Runs that are saved beside each other when they are handed back. */
const HANDED_AT_ONCE = 20;

/** Owns this executor's share of the runs: claims, builds, saves, drains and hands back. */
export class RunKeeper {
  readonly runs = new Map<string, TaskRun>();
  readonly reader: LogReader;
  private timer: NodeJS.Timeout | undefined;
  private ticking: Promise<void> | undefined;
  private again = false;
  private stopping = false;
  private savingAll: Promise<void> | undefined;

  constructor(
    private readonly store: RunStore,
    private readonly lease: Lease,
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
        pause: (run) => this.saveIfDue(run),
      },
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
      this.saveDue();
    } catch (error) {
      this.logger.warn({ err: error instanceof Error ? error.message : String(error) }, 'looking for runs failed');
    }
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

  private async build(claimed: ClaimedRun): Promise<void> {
    let run: TaskRun | undefined;
    try {
      run = new TaskRun(claimed, claimed.offset ?? (await this.log.tail()));
      this.runs.set(run.taskId, run);
      await this.environment.prepare(run);
      const mismatch = edgeMismatch(run.pipeline, this.catalog);
      if (mismatch !== undefined) throw new StartError(mismatch);
      run.dataflow = this.makeDataflow(run);
      await run.dataflow.start(claimed.snapshot ?? undefined);
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
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.logger.warn({ task: claimed.taskId, err: message }, 'task could not be started');
      if (run !== undefined) this.drop(run);
      await this.store.failed(claimed, message).catch((failure: unknown) => {
        this.logger.warn({ task: claimed.taskId, err: String(failure) }, 'the failure of a task could not be stored');
      });
    }
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

  // --- saving

  /** Saves runs whose time has come; those whose state has not changed in one statement. */
  private saveDue(): void {
    const due = Date.now() - this.settings.snapshotIntervalMs;
    const offsets: TaskRun[] = [];
    const changed: TaskRun[] = [];
    for (const run of this.runs.values()) {
      if (run.status !== 'running' || run.saving || run.lastSave > due || !this.reader.isShared(run)) continue;
      this.reader.settle(run);
      if (run.changed) changed.push(run);
      else if (run.offset !== run.savedOffset) offsets.push(run);
    }
    if (offsets.length > 0) void this.saveOffsets(offsets);
    if (changed.length > 0) this.savingAll ??= this.saveAll(changed).finally(() => (this.savingAll = undefined));
  }

  /**
   * Saves runs that are read for together. What is small is written where it stands, between two entries: a run that
   * leaves the others has to read the log alone until it is back, and a thousand of them would read it a thousand times.
   */
  private async saveAll(runs: readonly TaskRun[]): Promise<void> {
    const overdue = Date.now() - 2 * this.settings.snapshotIntervalMs;
    let began = performance.now();
    for (const run of runs) {
      if (run.status !== 'running' || run.saving || !this.reader.isShared(run)) continue;
      const { dataflow } = run;
      if (dataflow.idle && dataflow.groupCount <= GROUPS_IN_PLACE) {
        this.reader.settle(run);
        void this.save(run);
      } else if (dataflow.idle || run.lastSave < overdue) void this.saveApart(run);
      if (performance.now() - began < SAVING_TURN_MS) continue;
      await new Promise((resolve) => setImmediate(resolve));
      began = performance.now();
    }
  }

  /** The run is back among the others as soon as its state is written down; storing it takes as long as it takes. */
  private async saveApart(run: TaskRun): Promise<void> {
    let saved: Promise<void> | undefined;
    await this.reader.apart(
      run,
      () =>
        new Promise((captured) => {
          saved = this.save(run, captured);
        }),
    );
    await saved;
  }

  private async saveOffsets(runs: readonly TaskRun[]): Promise<void> {
    const moves = runs.map(({ taskId, epoch, offset }) => ({ taskId, epoch, offset }));
    try {
      const gone = new Set(await this.store.saveOffsets(moves));
      runs.forEach((run, i) => {
        if (gone.has(run.taskId)) return this.drop(run);
        run.savedOffset = moves[i]!.offset;
        run.lastSave = Date.now();
      });
    } catch (error) {
      this.logger.warn({ err: String(error) }, 'places in the log could not be saved');
    }
  }

  private async saveIfDue(run: TaskRun): Promise<void> {
    if (run.changed && !run.saving && Date.now() - run.lastSave >= this.settings.snapshotIntervalMs)
      await this.save(run);
  }

  /** Saves a run that nothing feeds until `captured` is called: at once, where it is idle and small. Never rejects. */
  private save(run: TaskRun, captured?: () => void): Promise<void> {
    run.saving = true;
    const saving = this.writeSnapshot(run, captured).finally(() => {
      run.saving = false;
      captured?.();
    });
    run.busy = saving;
    return saving;
  }

  private async writeSnapshot(run: TaskRun, captured?: () => void): Promise<void> {
    run.lastSave = Date.now();
    try {
      if (!run.dataflow.idle) await run.dataflow.whenIdle();
      if (!run.active || !this.lease.valid) return;
      const { offset } = run;
      run.changed = false;
      const snapshot = await run.dataflow.snapshot();
      captured?.();
      // Effects go out before the snapshot whose place has passed them.
      await this.environment.flushed(run);
      if (!this.lease.valid) return;
      if (await this.store.saveSnapshot(run, offset, snapshot)) run.savedOffset = offset;
      else this.drop(run);
    } catch (error) {
      run.changed = true;
      this.logger.warn(
        { task: run.taskId, err: error instanceof Error ? error.message : String(error) },
        'the state of a task could not be saved',
      );
    }
  }

  // --- ending

  /** A disabled run has read everything that was written before: its nodes finish and its row goes. */
  private async end(run: TaskRun): Promise<void> {
    if (run.status === 'ended' || run.status === 'lost') return;
    await run.busy;
    await run.dataflow.finish({ offset: run.offset } satisfies Place);
    run.status = 'ended';
    await this.environment.flushed(run).catch(() => undefined);
    this.runs.delete(run.taskId);
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
      this.reader.remove(run);
      await run.busy;
      if (run.changed || run.offset !== run.savedOffset) await this.save(run);
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
