import type { compiler, registry } from '@supercap/protocol';
import type { StoredTask, StoredTemplate, TaskDefinition, TaskRepository, TemplateRepository } from '@supercap/storage';
import { badRequest, HttpError, notFound, serverError } from '@supercap/transport';
import { randomUUID } from 'node:crypto';
import type { KeyedQueue } from '../keyed-queue';
import { select } from '../listing';
import { checkId } from '../names';
import { CompileRefusal, type CompileClient } from '../tasks/compile-client';
import { refusal } from '../tasks/refusals';
import { nanoseconds } from '../tasks/task-message';
import type { TaskSwitch } from '../tasks/task-switch';

export type BoundTasks = Pick<TaskRepository, 'boundTo' | 'replace' | 'find'>;

/** Templates, and the tasks that are made of them. */
export class TemplateService {
  constructor(
    private readonly templates: TemplateRepository,
    private readonly tasks: BoundTasks,
    private readonly power: TaskSwitch,
    private readonly compiler: CompileClient,
    private readonly queue: KeyedQueue,
  ) {}

  async create({ id: given, script }: registry.CreateTemplateRequest): Promise<registry.Template> {
    const id = given === '' ? randomUUID() : given;
    checkId('template', id);
    if ((await this.templates.find(id)) !== undefined) throw badRequest(`template ${id} already exists`);
    const compiled = await this.compile(id, script);
    const stored = await this.templates.create(id, { type: typeOf(compiled), script });
    if (stored === undefined) throw badRequest(`template ${id} already exists`);
    return present(stored, compiled);
  }

  /**
   * Changes the template, then every task that is bound to it. On the first failure the tasks changed so far get the old
   * script back; the template itself stays changed, as in the original.
   */
  async update(request: registry.UpdateTemplateRequest): Promise<registry.Template> {
    const newId = request.newId === '' ? request.id : request.newId;
    return this.queue.run([`template ${request.id}`, `template ${newId}`], async () => {
      const before = await this.templates.find(request.id);
      if (before === undefined) throw notFound('template does not exist, cannot update');
      if (newId !== before.id) checkId('template', newId);
      const script = request.script === '' ? before.script : request.script;
      const compiled = await this.compile(newId, script);
      const stored = await this.templates.update(before.id, newId, { type: typeOf(compiled), script });
      if (stored === 'taken') throw serverError('failed to create new template during ID change: object already exists');
      if (stored === undefined) throw notFound('template does not exist, cannot update');
      await this.updateTasks(before, stored);
      return present(stored, compiled);
    });
  }

  private async updateTasks(before: StoredTemplate, after: StoredTemplate): Promise<void> {
    const changed: StoredTask[] = [];
    for (const task of await this.tasks.boundTo(before.id)) {
      try {
        changed.push(task);
        await this.rewrite(task, after);
      } catch (error) {
        for (const done of changed) await this.rewrite(done, before).catch(() => undefined);
        throw error;
      }
    }
  }

  /** Gives a task the script of a template, and starts it again when it is enabled. */
  private async rewrite(bound: StoredTask, template: StoredTemplate): Promise<void> {
    const { id } = bound;
    await this.queue.run([id], async () => {
      const task = await this.tasks.find(id);
      if (task === undefined) return;
      const { script } = template;
      let compiled: compiler.Compiled;
      try {
        compiled = await this.compiler.compile(id, { script, type: '', vars: task.vars, dialect: 'v1' });
      } catch (error) {
        throw serverError(`error updating associated task ${id}: ${textOf(error)}`);
      }
      const definition: TaskDefinition = {
        type: typeOf(compiled),
        templateId: template.id,
        script,
        dialect: 'v1',
        vars: task.vars,
        dbrps: compiled.dbrps.length > 0 ? compiled.dbrps : task.dbrps,
      };
      const stored = await this.tasks.replace(task, definition);
      if (stored === undefined || stored === 'taken' || !task.enabled) return;
      try {
        await this.power.end(id);
        await this.power.ended(id);
        await this.power.restart(stored);
      } catch (error) {
        throw serverError(`error reloading associated task ${id}: ${textOf(error)}`);
      }
    });
  }

  async get(id: string): Promise<registry.Template> {
    const template = await this.templates.find(id);
    if (template === undefined) throw notFound('no template exists');
    return this.show(template);
  }

  async list(request: registry.ListRequest): Promise<registry.Template[]> {
    const stored = await this.templates.all();
    return Promise.all(select(stored, request, ({ id }) => id).map((template) => this.show(template)));
  }

  /** Tasks that are bound to it go on with the script that they have. */
  async delete(id: string): Promise<void> {
    await this.templates.delete(id);
  }

  private async show(template: StoredTemplate): Promise<registry.Template> {
    try {
      return present(template, await this.compiler.compile(template.id, order(template.script)));
    } catch (error) {
      if (!(error instanceof CompileRefusal)) throw error;
      return present(template, error);
    }
  }

  private async compile(id: string, script: string): Promise<compiler.Compiled> {
    try {
      return await this.compiler.compile(id, order(script));
    } catch (error) {
      throw refusal(error);
    }
  }
}

const order = (script: string) => ({ script, type: '', vars: '{}', dialect: 'v1' as const, template: true });

const typeOf = (compiled: compiler.Compiled) => (compiled.type === 'batch' ? 'batch' : 'stream');

function textOf(error: unknown): string {
  if (error instanceof CompileRefusal) {
    return error.kind === 'script' ? `invalid TICKscript: ${error.message}` : error.message;
  }
  return error instanceof HttpError || error instanceof Error ? error.message : String(error);
}

function present(template: StoredTemplate, compiled: compiler.Compiled | CompileRefusal): registry.Template {
  const fine = compiled instanceof CompileRefusal ? undefined : compiled;
  return {
    id: template.id,
    type: template.type,
    script: template.script,
    varsJson: fine?.varsJson ?? '{}',
    dot: fine?.dot ?? '',
    error: compiled instanceof CompileRefusal ? compiled.message : '',
    created: nanoseconds(template.created),
    modified: nanoseconds(template.modified),
    formatted: fine?.formatted ?? template.script,
  };
}
