import type { compiler, registry } from '@supercap/protocol';
import type { Dialect, StoredTask, TaskDefinition, TaskRepository, TemplateRepository } from '@supercap/storage';
import { badRequest, notFound, serverError } from '@supercap/transport';
import { randomUUID } from 'node:crypto';
import type { KeyedQueue } from '../keyed-queue';
import { checkId } from '../names';
import { CompileRefusal, type CompileClient } from './compile-client';
import { dbrpsOfChanged, dbrpsOfNew } from './dbrp-rules';
import { legacyDefinition } from './legacy-definition';
import { legacyRefusal, refusal } from './refusals';
import type { TaskSwitch } from './task-switch';
import type { TaskView } from './task-view';
import { readVars } from './vars-json';

export type TaskStore = Pick<TaskRepository, 'find' | 'create' | 'replace' | 'delete'>;

/** Deletes the topics of a task's own alerts. */
export interface TaskTopics {
  deleteOfTask(taskId: string): Promise<void>;
}

/**
 * Tasks: defined, changed, enabled and disabled. What changes a task is done one after the other here, and stored only
 * in place of the revision that it was made from, as other processes may change tasks, too.
 */
export class TaskService {
  constructor(
    private readonly tasks: TaskStore,
    private readonly templates: Pick<TemplateRepository, 'find'>,
    private readonly topics: TaskTopics,
    private readonly power: TaskSwitch,
    private readonly view: TaskView,
    private readonly compiler: CompileClient,
    private readonly queue: KeyedQueue,
  ) {}

  // --- the 2016 API

  async define(request: registry.DefineTaskRequest): Promise<registry.Task> {
    const { name } = request;
    const task = await this.queue.run([name], async () => {
      for (;;) {
        const before = await this.tasks.find(name);
        const definition = legacyDefinition(request, before);
        if (definition === undefined) return before!;
        await this.compileLegacy(name, definition);
        if (name === '') throw serverError('key required');
        const stored = await (before === undefined
          ? this.tasks.create(name, definition)
          : this.tasks.replace(before, definition));
        if (stored !== undefined && stored !== 'taken') return stored;
      }
    });
    return this.show(task, true);
  }

  // --- the newer API

  async create(request: registry.CreateTaskRequest): Promise<registry.Task> {
    const vars = readVars(request.varsJson);
    const id = request.id === '' ? randomUUID() : request.id;
    checkId('task', id);
    const [stored, generation] = await this.queue.run([id], async () => {
      if ((await this.tasks.find(id)) !== undefined) throw badRequest(`task ${id} already exists`);
      const { templateId } = request;
      const script = await this.scriptOf(templateId, request.script);
      if (templateId === '' && script === '') throw badRequest('must provide TICKscript');
      const order = { script, type: '', vars: vars.text(), dialect: 'v1' as const };
      const compiled = await this.compile(id, order);
      const dbrps = dbrpsOfNew(request.dbrps, compiled.dbrps);
      const definition: TaskDefinition = { ...order, type: typeOf(compiled), templateId, dbrps };
      const task = await this.tasks.create(id, definition);
      if (task === undefined) throw badRequest(`task ${id} already exists`);
      return [task, request.enabled ? await this.power.begin(task) : undefined];
    });
    await this.power.started(id, generation);
    return request.enabled ? this.view.get(id) : this.show(stored);
  }

  async update(request: registry.UpdateTaskRequest): Promise<registry.Task> {
    const vars = readVars(request.varsJson);
    const id = request.newId === '' ? request.id : request.newId;
    const generation = await this.queue.run([request.id, id], async () => {
      const before = await this.tasks.find(request.id);
      if (before === undefined) throw notFound('task does not exist, cannot update');
      const definition = await this.changed(request, vars.text(), before);
      if (id !== before.id) await this.prepareRename(before, id);
      const stored = await this.tasks.replace(before, definition, id);
      if (stored === 'taken') throw taken();
      if (stored === undefined) throw serverError(`task ${request.id} was changed by somebody else meanwhile`);
      const wanted = request.status === '' ? before.enabled : request.status === 'enabled';
      if (wanted) return stored.enabled ? undefined : this.power.begin(stored);
      if (stored.enabled) await this.power.stop(id);
      return undefined;
    });
    await this.power.started(id, generation);
    return this.view.get(id);
  }

  private async changed(
    request: registry.UpdateTaskRequest,
    givenVars: string,
    before: StoredTask,
  ): Promise<TaskDefinition> {
    const templateId = request.templateId === '' ? before.templateId : request.templateId;
    const script = await this.scriptOf(templateId, request.script === '' ? before.script : request.script);
    const vars = givenVars === '{}' ? before.vars : givenVars;
    const dialect: Dialect = script === before.script ? before.dialect : 'v1';
    const compiled = await this.compile(request.id, {
      script,
      type: dialect === '2016' ? before.type : '',
      vars,
      dialect,
    });
    const inOldScript = script === before.script ? compiled.dbrps : await this.dbrpsInScript(before);
    const dbrps = dbrpsOfChanged(request.dbrps, compiled.dbrps, before.dbrps, inOldScript);
    return { type: typeOf(compiled), templateId, script, dialect, vars, dbrps };
  }

  /** A stored script that no longer compiles says nothing. */
  private async dbrpsInScript(task: StoredTask): Promise<compiler.Compiled['dbrps']> {
    try {
      return (await this.compiler.compile(task.id, { ...task, template: true })).dbrps;
    } catch (error) {
      if (error instanceof CompileRefusal) return [];
      throw error;
    }
  }

  private async prepareRename(before: StoredTask, newId: string): Promise<void> {
    if ((await this.tasks.find(newId)) !== undefined) throw taken();
    if (before.enabled) await this.power.stop(before.id);
  }

  // --- both

  /** Enabling what is enabled changes nothing, not even for a task that stopped with an error. */
  async enable(id: string): Promise<registry.Task> {
    const generation = await this.queue.run([id], async () => {
      const task = await this.tasks.find(id);
      if (task === undefined) throw serverError(`unknown task ${id}`);
      return task.enabled ? this.power.starting(id) : this.power.begin(task);
    });
    await this.power.started(id, generation);
    return this.view.get(id);
  }

  async disable(id: string): Promise<void> {
    const isEnding = await this.queue.run([id], async () => {
      const task = await this.tasks.find(id);
      if (!task?.enabled) return false;
      await this.power.end(id);
      return true;
    });
    if (isEnding) await this.power.ended(id);
  }

  async delete(id: string): Promise<void> {
    await this.queue.run([id], async () => {
      const task = await this.tasks.find(id);
      if (task === undefined) return;
      if (task.enabled) await this.power.stop(id);
      await this.tasks.delete(id);
      await this.topics.deleteOfTask(id);
    });
  }

  private async show(task: StoredTask, brief = false): Promise<registry.Task> {
    return (await this.view.show([task], brief))[0]!;
  }

  private async compileLegacy(id: string, definition: TaskDefinition): Promise<void> {
    try {
      await this.compiler.compile(id, definition);
    } catch (error) {
      throw legacyRefusal(error);
    }
  }

  private async compile(
    id: string,
    order: { script: string; type: string; vars: string; dialect: Dialect },
  ): Promise<compiler.Compiled> {
    try {
      return await this.compiler.compile(id, order);
    } catch (error) {
      throw refusal(error);
    }
  }

  /** The script of the template, whatever else was given. */
  private async scriptOf(templateId: string, script: string): Promise<string> {
    if (templateId === '') return script;
    const template = await this.templates.find(templateId);
    if (template === undefined) throw badRequest(`unknown template ${templateId}: err: no template exists`);
    return template.script;
  }
}

const typeOf = (compiled: compiler.Compiled) => (compiled.type === 'batch' ? 'batch' : 'stream');

const taken = () => serverError('failed to create new task during ID change: object already exists');
