import type { registry } from '@supercap/protocol';
import type { StoredTask, TaskRepository } from '@supercap/storage';
import { notFound } from '@supercap/transport';
import { select } from '../listing';
import { CompileRefusal, type CompileClient } from './compile-client';
import type { RunControl } from './run-control';
import { presentTask, type ScriptView } from './task-message';

/** So many scripts are with the compiler at a time when many tasks are shown. */
const AT_ONCE = 16;

/** Tasks as the API shows them. */
export class TaskView {
  constructor(
    private readonly tasks: Pick<TaskRepository, 'find' | 'all'>,
    private readonly runs: RunControl,
    private readonly compiler: CompileClient,
  ) {}

  async get(id: string): Promise<registry.Task> {
    const task = await this.tasks.find(id);
    if (task === undefined) throw notFound('no task exists');
    return (await this.show([task], false))[0]!;
  }

  async list(request: registry.ListRequest): Promise<registry.Task[]> {
    const stored = await this.tasks.all();
    if (request.ids.length === 0)
      return this.show(
        select(stored, request, (task) => task.id),
        request.brief,
      );
    const byId = new Map(stored.map((task) => [task.id, task]));
    const chosen = request.ids.map((id) => {
      const task = byId.get(id);
      if (task === undefined) throw notFound(`found invalid task in db. name: ${id}, err: unknown task ${id}`);
      return task;
    });
    return this.show(chosen, request.brief);
  }

  /** `brief`: without graphs, formatted scripts and errors of scripts. */
  async show(tasks: readonly StoredTask[], brief: boolean): Promise<registry.Task[]> {
    const runs = await this.runs.of(tasks.map((task) => task.id));
    const shown: registry.Task[] = [];
    for (let i = 0; i < tasks.length; i += AT_ONCE) {
      const some = tasks.slice(i, i + AT_ONCE);
      const scripts = await Promise.all(some.map((task) => (brief ? {} : this.scriptOf(task))));
      some.forEach((task, j) => shown.push(presentTask(task, runs.get(task.id), scripts[j]!)));
    }
    return shown;
  }

  private async scriptOf(task: StoredTask): Promise<ScriptView> {
    try {
      const compiled = await this.compiler.compile(task.id, task);
      return { compiled, formatted: compiled.formatted };
    } catch (error) {
      if (!(error instanceof CompileRefusal)) throw error;
      const formatted = await this.compiler.format(task.script);
      return { error: error.message, ...(formatted !== undefined && { formatted }) };
    }
  }
}
