import type { StoredTask, StoredTemplate, TaskDefinition, TaskRepository } from '@supercap/storage';
import { HttpError, serverError } from '@supercap/transport';
import type { KeyedQueue } from '../keyed-queue';
import type { CompileClient } from '../tasks/compile-client';
import type { TaskSwitch } from '../tasks/task-switch';

export type BoundTaskStore = Pick<TaskRepository, 'find' | 'boundTo' | 'replace'>;

type Dbrps = TaskDefinition['dbrps'];

/** The tasks of templates, which follow their template's changes. */
export class BoundTasks {
  constructor(
    private readonly tasks: BoundTaskStore,
    private readonly power: TaskSwitch,
    private readonly compiler: CompileClient,
    private readonly queue: KeyedQueue,
  ) {}

  /**
   * Rewrites the tasks of the template that was called `oldId`, and restarts those that are enabled. When one fails,
   * those before it and itself are as they were: throws HttpError 500. `saidDbrps`: its script did before.
   */
  async follow(oldId: string, template: StoredTemplate, dbrps: Dbrps, saidDbrps: boolean): Promise<void> {
    const changed: StoredTask[] = [];
    for (const { id } of await this.tasks.boundTo(oldId)) {
      try {
        await this.followOne(id, oldId, template, dbrps.length > 0 || saidDbrps ? dbrps : undefined, changed);
      } catch (error) {
        await this.rollBack(changed);
        throw error;
      }
    }
  }

  /** A task that runs must be told which databases it reads. Throws HttpError 500, with nothing changed. */
  async check(templateId: string, dbrps: Dbrps, saidDbrps: boolean): Promise<void> {
    if (dbrps.length > 0) return;
    for (const { id } of await this.tasks.boundTo(templateId)) {
      const task = await this.tasks.find(id);
      if (task?.enabled !== true || (!saidDbrps && task.dbrps.length > 0)) continue;
      throw serverError(`error reloading associated task ${id}: task does contain any dbrps`);
    }
  }

  private followOne(
    id: string,
    oldId: string,
    { id: templateId, type, script }: StoredTemplate,
    dbrps: Dbrps | undefined,
    changed: StoredTask[],
  ): Promise<void> {
    return this.queue.run([id], async () => {
      const before = await this.tasks.find(id);
      if (before?.templateId !== oldId) return;
      const definition: TaskDefinition = {
        type,
        templateId,
        script,
        dialect: 'v1',
        vars: before.vars,
        dbrps: dbrps ?? before.dbrps,
      };
      // Found out before it is stopped.
      if (before.enabled)
        await attempt(`error reloading associated task ${id}`, () => this.compiler.compile(id, definition));
      const after = await attempt(`error updating associated task ${id}`, () => this.replace(before, definition));
      changed.push(before);
      if (before.enabled) await attempt(`error reloading associated task ${id}`, () => this.restart(after));
    });
  }

  private async replace(before: StoredTask, definition: TaskDefinition): Promise<StoredTask> {
    const after = await this.tasks.replace(before, definition);
    if (after === undefined || after === 'taken') throw new Error('it was changed by somebody else meanwhile');
    return after;
  }

  private async restart(task: StoredTask): Promise<void> {
    await this.power.stop(task.id);
    try {
      await this.power.started(task.id, await this.power.begin(task));
    } catch (error) {
      // No executor takes it now, but one will.
      if (!(error instanceof HttpError && error.status === 503)) throw error;
    }
  }

  /** What cannot go back, because somebody else changed it meanwhile, stays as that one left it. */
  private async rollBack(changed: readonly StoredTask[]): Promise<void> {
    for (const before of changed) {
      await this.queue.run([before.id], async () => {
        const now = await this.tasks.find(before.id);
        const after =
          now && now.revision === before.revision + 1 && (await this.tasks.replace(now, definitionOf(before)));
        if (!after || after === 'taken' || !before.enabled) return;
        await this.restart(after).catch(() => undefined);
      });
    }
  }
}

/** Without what the repository keeps itself. */
function definitionOf({ type, templateId, script, dialect, vars, dbrps }: StoredTask): TaskDefinition {
  return { type, templateId, script, dialect, vars, dbrps };
}

async function attempt<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw serverError(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
