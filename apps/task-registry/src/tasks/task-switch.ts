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
   * `started`. A task whose script no longer compiles is enabled all the same: throws CompileRefusal then.
   */
  async begin(task: StoredTask): Promise<number | undefined> {
    for (let current: StoredTask | undefined = task; current !== undefined; current = await this.tasks.find(task.id)) {
      const { id, revision, type, script, dbrps } = current;
      try {
        const { pipelineJson, dot, legacyDot } = await this.compiler.compile(id, current);
        const definition = { revision, type, script, dbrps, pipeline: pipelineJson, dot, legacyDot };
        const generation = await this.runs.begin(id, definition);
        if (generation !== undefined) return generation;
      } catch (error) {
        if (error instanceof CompileRefusal) await this.tasks.setEnabled(id);
        throw error;
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

  /** Begins and waits. A script that no longer compiles is a start error like any other. */
  async restart(task: StoredTask): Promise<void> {
    try {
      await this.started(task.id, await this.begin(task));
    } catch (error) {
      throw error instanceof CompileRefusal ? serverError(error.message) : error;
    }
  }

  async end(taskId: string): Promise<void> {
    await this.runs.end(taskId);
  }

  async ended(taskId: string): Promise<void> {
    await this.runs.ended(taskId);
  }
}
