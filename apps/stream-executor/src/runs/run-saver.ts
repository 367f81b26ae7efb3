import type { RunStore, SnapshotSave, SnapshotStore } from '@supercap/storage';
import type { Logger } from '@supercap/telemetry';
import type { LogReader } from './log-reader';
import type { TaskRun } from './task-run';

export interface RunSaverHooks {
  readonly reader: Pick<LogReader, 'isShared' | 'settle' | 'apart' | 'between'>;
  /** Whether this executor may still write. */
  leased(): boolean;
  /** Resolves when everything that the run has sent out so far is safe. Rejects when the run has lost its epoch. */
  flushed(run: TaskRun): Promise<void>;
  /** The run belongs to somebody else. */
  lost(run: TaskRun): void;
}

/** State of so many groups is written without a turn of the loop in between (a dataflow takes one every 500). */
const GROUPS_IN_PLACE = 400;
/** So long the loop is held for small states before it gets a turn. */
const SAVING_TURN_MS = 5;
/** Small states that are written down at once and stored in one statement, and the groups that they may have together. */
const SAVED_TOGETHER = 50;
const GROUPS_TOGETHER = 1000;

/** States that were written down and are now stored. */
interface Saving {
  readonly run: TaskRun;
  readonly offset: string;
  readonly snapshot: Promise<Buffer[]>;
}

/** Saves the states of runs, each with its place in the log. */
export class RunSaver {
  private savingAll: Promise<void> | undefined;

  constructor(
    private readonly store: Pick<RunStore, 'saveOffsets'>,
    private readonly snapshots: Pick<SnapshotStore, 'save' | 'saveInParts'>,
    private readonly hooks: RunSaverHooks,
    private readonly intervalMs: number,
    private readonly logger: Logger,
  ) {}

  /** Saves runs whose time has come, as they are between two entries. */
  saveDue(runs: Iterable<TaskRun>): void {
    void this.hooks.reader.between(() => this.begin(runs));
  }

  /** Those whose state has not changed are saved in one statement. */
  private begin(runs: Iterable<TaskRun>): void {
    const due = Date.now() - this.intervalMs;
    const offsets: TaskRun[] = [];
    const changed: TaskRun[] = [];
    for (const run of runs) {
      if (!this.maySave(run) || run.lastSave > due) continue;
      this.hooks.reader.settle(run);
      if (run.dataflow.changed) changed.push(run);
      else if (run.offset !== run.savedOffset) offsets.push(run);
    }
    // Held, so that no snapshot of theirs is stored meanwhile, with a later place than the one that is then written over it.
    if (offsets.length > 0) void this.hold(offsets, () => this.saveOffsets(offsets));
    if (changed.length > 0) this.savingAll ??= this.saveAll(changed).finally(() => (this.savingAll = undefined));
  }

  /** Saves a run that reads alone, if its time has come. */
  async saveIfDue(run: TaskRun): Promise<void> {
    if (run.dataflow.changed && !run.saving && Date.now() - run.lastSave >= this.intervalMs) await this.save(run);
  }

  /** Saves a run that nothing feeds until `captured` is called. Never rejects. */
  save(run: TaskRun, captured?: () => void): Promise<void> {
    return this.hold([run], async () => {
      try {
        if (!run.dataflow.idle) await run.dataflow.whenIdle();
        if (!run.active || !this.hooks.leased()) return;
        if (run.dataflow.groupCount > GROUPS_IN_PLACE) return await this.storeWhileWriting(run, captured);
        const saving = this.capture(run);
        await saving.snapshot.catch(() => undefined);
        captured?.();
        await this.storeAll([saving]);
      } finally {
        captured?.();
      }
    });
  }

  /** A large state is not held as a whole, but stored as it is written. */
  private async storeWhileWriting(run: TaskRun, captured: () => void = () => undefined): Promise<void> {
    const { taskId, epoch, offset, dataflow } = run;
    dataflow.changed = false;
    async function* pieces(): AsyncGenerator<Buffer, void, undefined> {
      try {
        yield* dataflow.snapshotPieces();
      } finally {
        captured();
      }
    }
    const mayCount = async () => {
      await this.hooks.flushed(run);
      return this.hooks.leased();
    };
    try {
      if (await this.snapshots.saveInParts({ taskId, epoch, offset }, pieces(), mayCount)) run.savedOffset = offset;
      else if (this.hooks.leased()) this.hooks.lost(run);
      else dataflow.changed = true;
    } catch (error) {
      this.failed(run, error);
    }
  }

  private maySave(run: TaskRun): boolean {
    return run.status === 'running' && !run.saving && this.hooks.reader.isShared(run);
  }

  /**
   * Saves runs that are read for together. What is small is written where it stands, between two entries: a run that
   * leaves the others has to read the log alone until it is back, and a thousand of them would read it a thousand times.
   */
  private async saveAll(runs: readonly TaskRun[]): Promise<void> {
    const left = runs.values();
    const overdue = Date.now() - 2 * this.intervalMs;
    for (;;) {
      let more = false;
      // What could not be saved now is due again soon.
      if (!(await this.hooks.reader.between(() => (more = this.saveSome(left, overdue)))) || !more) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Saves runs for one turn of the loop. Whether any may be left. */
  private saveSome(runs: Iterator<TaskRun>, overdue: number): boolean {
    const began = performance.now();
    let small: TaskRun[] = [];
    let groups = 0;
    const saveSmall = () => {
      this.saveTogether(small);
      small = [];
      groups = 0;
    };
    for (let next = runs.next(); next.done !== true; next = runs.next()) {
      const run = next.value;
      if (!this.maySave(run)) continue;
      const { dataflow } = run;
      if (dataflow.idle && dataflow.groupCount <= GROUPS_IN_PLACE) {
        small.push(run);
        groups += dataflow.groupCount;
        if (small.length < SAVED_TOGETHER && groups < GROUPS_TOGETHER) continue;
        saveSmall();
      } else if (dataflow.idle || run.lastSave < overdue) void this.saveApart(run);
      if (performance.now() - began < SAVING_TURN_MS) continue;
      saveSmall();
      return true;
    }
    saveSmall();
    return false;
  }

  /** Writes the states down at once. */
  private saveTogether(runs: readonly TaskRun[]): void {
    if (runs.length === 0) return;
    void this.hold(runs, () => {
      for (const run of runs) this.hooks.reader.settle(run);
      return this.storeAll(runs.map((run) => this.capture(run)));
    });
  }

  /** The run is back among the others as soon as its state is written down; storing it takes as long as it takes. */
  private async saveApart(run: TaskRun): Promise<void> {
    let saved: Promise<void> | undefined;
    await this.hooks.reader.apart(
      run,
      () =>
        new Promise((captured) => {
          saved = this.save(run, captured);
        }),
    );
    await saved;
  }

  private hold(runs: readonly TaskRun[], work: () => Promise<void>): Promise<void> {
    for (const run of runs) {
      run.saving = true;
      run.lastSave = Date.now();
    }
    const held = work().finally(() => {
      for (const run of runs) run.saving = false;
    });
    for (const run of runs) run.busy = held;
    return held;
  }

  private capture(run: TaskRun): Saving {
    run.dataflow.changed = false;
    return { run, offset: run.offset, snapshot: run.dataflow.snapshot() };
  }

  /** Never rejects: what could not be stored is tried again with the next snapshot. */
  private async storeAll(savings: readonly Saving[]): Promise<void> {
    const ready = await Promise.all(savings.map((saving) => this.prepare(saving)));
    const saves = new Map<TaskRun, SnapshotSave>();
    for (const [run, save] of ready) if (save !== undefined) saves.set(run, save);
    if (saves.size === 0) return;
    if (!this.hooks.leased()) {
      // The lease may come back: what was not stored is still to be, before its place in the log moves.
      for (const run of saves.keys()) run.dataflow.changed = true;
      return;
    }
    try {
      const lost = new Set(await this.snapshots.save([...saves.values()]));
      for (const [run, { offset }] of saves) {
        if (lost.has(run.taskId)) this.hooks.lost(run);
        else run.savedOffset = offset;
      }
    } catch (error) {
      for (const run of saves.keys()) this.failed(run, error);
    }
  }

  private async prepare({ run, offset, snapshot }: Saving): Promise<readonly [TaskRun, SnapshotSave | undefined]> {
    const { taskId, epoch } = run;
    try {
      const written = await snapshot;
      // Effects go out before the snapshot whose place has passed them.
      await this.hooks.flushed(run);
      return [run, { taskId, epoch, offset, snapshot: written }];
    } catch (error) {
      this.failed(run, error);
      return [run, undefined];
    }
  }

  private failed(run: TaskRun, error: unknown): void {
    run.dataflow.changed = true;
    const err = error instanceof Error ? error.message : String(error);
    this.logger.warn({ task: run.taskId, err }, 'the state of a task could not be saved');
  }

  private async saveOffsets(runs: readonly TaskRun[]): Promise<void> {
    const moves = runs.map(({ taskId, epoch, offset }) => ({ taskId, epoch, offset }));
    try {
      const gone = new Set(await this.store.saveOffsets(moves));
      runs.forEach((run, i) => {
        if (gone.has(run.taskId)) return this.hooks.lost(run);
        run.savedOffset = moves[i]!.offset;
      });
    } catch (error) {
      this.logger.warn({ err: String(error) }, 'places in the log could not be saved');
    }
  }
}
