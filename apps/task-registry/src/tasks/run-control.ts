import { LogUnavailableError, type PointLog } from '@supercap/point-log';
import { channels } from '@supercap/protocol';
import type { Notifications, RunDefinition, RunRow, RunStore } from '@supercap/storage';
import { serverError, unavailable } from '@supercap/transport';

const START_MS = 10_000;
const STOP_MS = 10_000;
/** So long without any executor, and nobody waits for one longer: one that restarts is back before. */
const ALONE_MS = 3_000;
/** A notification may be lost with its connection: look anyway after so long. */
const LOOK_MS = 500;

export type RunQueries = Pick<RunStore, 'want' | 'unwant' | 'status' | 'rows' | 'liveExecutors'>;

/** Says which tasks shall run, and waits until that is so. Where they run is the executors' business. */
export class RunControl {
  constructor(
    private readonly runs: RunQueries,
    private readonly log: Pick<PointLog, 'tail'>,
    private readonly notifications: Pick<Notifications, 'next'>,
  ) {}

  /** The runs of these tasks by the ids of the tasks. */
  async of(taskIds: readonly string[]): Promise<ReadonlyMap<string, RunRow>> {
    return new Map((await this.runs.rows(taskIds)).map((run) => [run.taskId, run]));
  }

  /**
   * Enables a task and begins a new generation of its run, to be awaited with `started`. Undefined: there is no such
   * task in the revision of the definition.
   */
  begin(taskId: string, definition: RunDefinition): Promise<number | undefined> {
    return this.runs.want(taskId, definition);
  }

  /** The generation of a run that is being started. */
  async starting(taskId: string): Promise<number | undefined> {
    const run = await this.runs.status(taskId);
    return run?.status === 'starting' ? run.generation : undefined;
  }

  /**
   * Waits until a generation runs, or is ended by somebody else. Whoever claims it meanwhile and is lost is followed by
   * another. Throws HttpError: 500 with its start error, 503 when no executor takes it.
   */
  async started(taskId: string, generation: number): Promise<void> {
    const until = Date.now() + START_MS;
    let lastAlive = Date.now();
    for (;;) {
      const heard = this.notifications.next(channels.runStatus, taskId, LOOK_MS);
      const run = await this.runs.status(taskId);
      if (run === undefined || run.generation !== generation) return;
      // One that ran before it failed was enabled all the same.
      if (run.status === 'failed' && run.started !== true) throw serverError(run.error);
      if (run.status !== 'starting') return;
      const now = Date.now();
      if ((await this.runs.liveExecutors()).length > 0) lastAlive = now;
      if (now >= until || now - lastAlive >= ALONE_MS) {
        throw unavailable(
          `no stream executor has started task ${taskId} yet: it stays enabled and starts as soon as one can`,
        );
      }
      await heard;
    }
  }

  /** Disables a task: its run takes in what was written up to now, and ends. To be awaited with `ended`. */
  async end(taskId: string): Promise<void> {
    await this.runs.unwant(taskId, await this.tail());
  }

  /** Waits for the end of a run, as long as an executor is likely to need. */
  async ended(taskId: string): Promise<void> {
    const until = Date.now() + STOP_MS;
    while (Date.now() < until) {
      const heard = this.notifications.next(channels.runStatus, taskId, LOOK_MS);
      const run = await this.runs.status(taskId);
      if (run === undefined || run.status !== 'draining') return;
      if ((await this.runs.liveExecutors()).length === 0) return;
      await heard;
    }
  }

  private async tail(): Promise<string> {
    try {
      return await this.log.tail();
    } catch (error) {
      if (error instanceof LogUnavailableError) throw unavailable('the write log cannot be reached');
      throw error;
    }
  }
}
