import type { compiler, registry } from '@supercap/protocol';
import type { StoredTemplate, TemplateRepository } from '@supercap/storage';
import { badRequest, notFound, serverError } from '@supercap/transport';
import { randomUUID } from 'node:crypto';
import type { KeyedQueue } from '../keyed-queue';
import { select } from '../listing';
import { checkId } from '../names';
import { CompileRefusal, type CompileClient } from '../tasks/compile-client';
import { refusal } from '../tasks/refusals';
import { nanoseconds, type ScriptView } from '../tasks/task-message';
import type { BoundTasks } from './bound-tasks';

export type TemplateStore = Pick<TemplateRepository, 'find' | 'all' | 'create' | 'update' | 'delete'>;

/** Templates: scripts with vars that tasks supply. */
export class TemplateService {
  constructor(
    private readonly templates: TemplateStore,
    private readonly bound: BoundTasks,
    private readonly compiler: CompileClient,
    private readonly queue: KeyedQueue,
  ) {}

  async create(request: registry.CreateTemplateRequest): Promise<registry.Template> {
    const id = request.id === '' ? randomUUID() : request.id;
    checkId('template', id);
    return this.queue.run([id], async () => {
      if ((await this.templates.find(id)) !== undefined) throw exists(id);
      const compiled = await this.compile(id, request.script);
      const stored = await this.templates.create(id, { type: typeOf(compiled), script: request.script });
      if (stored === undefined) throw exists(id);
      return present(stored, { compiled, formatted: compiled.formatted });
    });
  }

  /** Changes its tasks, too. When one of them cannot follow, all of them go back, but the template stays changed. */
  async update(request: registry.UpdateTemplateRequest): Promise<registry.Template> {
    const id = request.newId === '' ? request.id : request.newId;
    return this.queue.run([request.id, id], async () => {
      const before = await this.templates.find(request.id);
      if (before === undefined) throw missing();
      const script = request.script === '' ? before.script : request.script;
      const compiled = await this.compile(id, script);
      const saidDbrps = (await this.dbrpsOf(before)).length > 0;
      await this.bound.check(before.id, compiled.dbrps, saidDbrps);
      const after = await this.templates.update(before.id, id, { type: typeOf(compiled), script });
      if (after === 'taken') throw serverError('failed to create new template during ID change: object already exists');
      if (after === undefined) throw missing();
      await this.bound.follow(before.id, after, compiled.dbrps, saidDbrps);
      return present(after, { compiled, formatted: compiled.formatted });
    });
  }

  async get(id: string): Promise<registry.Template> {
    const template = await this.templates.find(id);
    if (template === undefined) throw notFound('no template exists');
    return this.show(template);
  }

  async list(request: registry.ListRequest): Promise<registry.Template[]> {
    const chosen = select(await this.templates.all(), request, (template) => template.id);
    return Promise.all(chosen.map((template) => (request.brief ? present(template, {}) : this.show(template))));
  }

  /** Its tasks keep their scripts. */
  async delete(id: string): Promise<void> {
    await this.queue.run([id], () => this.templates.delete(id));
  }

  private async show(template: StoredTemplate): Promise<registry.Template> {
    try {
      const compiled = await this.compiler.compile(template.id, orderOf(template.script));
      return present(template, { compiled, formatted: compiled.formatted });
    } catch (error) {
      if (!(error instanceof CompileRefusal)) throw error;
      const formatted = await this.compiler.format(template.script);
      return present(template, { error: error.message, ...(formatted !== undefined && { formatted }) });
    }
  }

  private async compile(id: string, script: string): Promise<compiler.Compiled> {
    try {
      return await this.compiler.compile(id, orderOf(script));
    } catch (error) {
      throw refusal(error);
    }
  }

  /** A stored script that no longer compiles says nothing. */
  private async dbrpsOf({ id, script }: StoredTemplate): Promise<compiler.Compiled['dbrps']> {
    try {
      return (await this.compiler.compile(id, orderOf(script))).dbrps;
    } catch (error) {
      if (error instanceof CompileRefusal) return [];
      throw error;
    }
  }
}

const orderOf = (script: string) => ({ script, type: '', vars: '{}', dialect: 'v1', template: true }) as const;

const typeOf = (compiled: compiler.Compiled) => (compiled.type === 'batch' ? 'batch' : 'stream');

const exists = (id: string) => badRequest(`template ${id} already exists`);
const missing = () => notFound('template does not exist, cannot update');

function present(template: StoredTemplate, { compiled, error, formatted }: ScriptView): registry.Template {
  return {
    id: template.id,
    type: template.type,
    script: template.script,
    varsJson: compiled?.varsJson ?? '{}',
    dot: compiled?.dot ?? '',
    error: error ?? '',
    created: nanoseconds(template.created),
    modified: nanoseconds(template.modified),
    formatted: formatted ?? template.script,
  };
}
