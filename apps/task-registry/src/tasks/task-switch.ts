import type { StoredTask, TaskRepository } from '@supercap/storage';
import { serverError } from '@supercap/transport';
import { CompileRefusal, type CompileClient } from './compile-client';
import type { RunControl } from './run-control';

/** Enables and disables tasks. Whoever calls `begin` or `end` keeps others away from the task meanwhile. */
export class TaskSwitch {
  constructor(
    private readonly tasks: Pick<TaskRepository, 'find' | 'setEnabled'>,
    private readonly runs: RunControl,
    private readonly compiler: CompileClient,
  ) {}

  /**
   * Enables a task, whatever ran of it before; `undefined`: it is gone. The generation that comes back is awaited with
   * `started`. A task whose script no longer compiles is enabled all the same: throws HttpError 500 then.
   */
  async begin(task: StoredTask): Promise<number | undefined> {
    for (let current: StoredTask | undefined = task; current !== undefined; current = await this.tasks.find(task.id)) {
      const { id, revision, type, script, dbrps } = current;
      // Its template took them away while it was disabled.
      if (dbrps.length === 0) throw serverError('task does contain any dbrps');
      try {
        const { pipelineJson, dot, legacyDot } = await this.compiler.compile(id, current);
        const definition = { revision, type, script, dbrps, pipeline: pipelineJson, dot, legacyDot };
        const generation = await this.runs.begin(id, definition);
        if (generation !== undefined) return generation;
      } catch (error) {
        if (!(error instanceof CompileRefusal)) throw error;
        await this.tasks.setEnabled(id);
        throw serverError(error.message);
      }
    }
    return undefined;
  }

  /** The generation of a run that somebody else is starting. */
  starting(taskId: string): Promise<number | undefined> {
    return this.runs.starting(taskId);
  }

  /** Throws HttpError: 500 with the start error, 503 when no executor takes it. */
  async started(taskId: string, generation: number | undefined): Promise<void> {
    if (generation !== undefined) await this.runs.started(taskId, generation);
  }

  /** Disables a task and waits for the end of its run. */
  async stop(taskId: string): Promise<void> {
    await this.runs.end(taskId);
    await this.runs.ended(taskId);
  }

  /** The same, but to be awaited with `ended`. */
  end(taskId: string): Promise<void> {
    return this.runs.end(taskId);
  }

  ended(taskId: string): Promise<void> {
    return this.runs.ended(taskId);
  }
}
