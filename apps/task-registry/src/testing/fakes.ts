import type { compiler, registry } from '@supercap/protocol';
import type { RunDefinition, RunRow, StoredTask, StoredTemplate, TaskDefinition } from '@supercap/storage';
import { CompileRefusal, type CompileClient, type CompileOrder } from '../tasks/compile-client';
import type { RunQueries } from '../tasks/run-control';
import type { TemplateStore } from '../templates/template-service';

const EPOCH = new Date(0);

const byId = <T extends { readonly id: string }>(a: T, b: T) => Buffer.compare(Buffer.from(a.id), Buffer.from(b.id));

/** Tasks in memory, with the promises of the repository. */
export class FakeTasks {
  readonly rows = new Map<string, StoredTask>();
  /** Called before each write, to have somebody else come between. */
  beforeWrite: (() => void) | undefined;

  async find(id: string): Promise<StoredTask | undefined> {
    return this.rows.get(id);
  }

  async all(): Promise<StoredTask[]> {
    return [...this.rows.values()].sort(byId);
  }

  async boundTo(templateId: string): Promise<StoredTask[]> {
    return (await this.all()).filter((task) => task.templateId === templateId);
  }

  async create(id: string, definition: TaskDefinition): Promise<StoredTask | undefined> {
    this.comeBetween();
    if (this.rows.has(id)) return undefined;
    const times = { created: EPOCH, modified: EPOCH, lastEnabled: null };
    return this.put({ id, ...definition, enabled: false, revision: 1, ...times });
  }

  async replace(
    { id, revision }: StoredTask,
    definition: TaskDefinition,
    newId = id,
  ): Promise<StoredTask | 'taken' | undefined> {
    this.comeBetween();
    const now = this.rows.get(id);
    if (now?.revision !== revision) return undefined;
    if (newId !== id && this.rows.has(newId)) return 'taken';
    this.rows.delete(id);
    return this.put({ ...now, ...definition, id: newId, revision: revision + 1 });
  }

  async setEnabled(id: string): Promise<void> {
    const now = this.rows.get(id);
    if (now !== undefined) this.put({ ...now, enabled: true });
  }

  async delete(id: string): Promise<boolean> {
    return this.rows.delete(id);
  }

  put(task: StoredTask): StoredTask {
    this.rows.set(task.id, task);
    return task;
  }

  private comeBetween(): void {
    const { beforeWrite } = this;
    this.beforeWrite = undefined;
    beforeWrite?.();
  }
}

/** Runs that start at once, or fail to. */
export class FakeRuns implements RunQueries {
  readonly runs = new Map<string, RunRow>();
  readonly log: string[] = [];
  /** Why a definition cannot start. */
  startError: (definition: RunDefinition) => string | undefined = () => undefined;
  executors = 1;
  private generation = 0;

  constructor(private readonly tasks: FakeTasks) {}

  async want(taskId: string, definition: RunDefinition): Promise<number | undefined> {
    const task = this.tasks.rows.get(taskId);
    if (task?.revision !== definition.revision) return undefined;
    this.tasks.put({ ...task, enabled: true });
    this.log.push(`start ${taskId}`);
    const generation = ++this.generation;
    const error = this.startError(definition);
    const status = this.executors === 0 ? 'starting' : error === undefined ? 'running' : 'failed';
    this.runs.set(taskId, { taskId, generation, status, error: error ?? '', definition });
    return generation;
  }

  async unwant(taskId: string): Promise<void> {
    const task = this.tasks.rows.get(taskId);
    if (task !== undefined) this.tasks.put({ ...task, enabled: false });
    this.log.push(`stop ${taskId}`);
    this.runs.delete(taskId);
  }

  async status(taskId: string): Promise<RunRow | undefined> {
    return this.runs.get(taskId);
  }

  async rows(taskIds: readonly string[]): Promise<RunRow[]> {
    return taskIds.flatMap((id) => this.runs.get(id) ?? []);
  }

  async liveExecutors(): Promise<{ id: string; address: string }[]> {
    return Array.from({ length: this.executors }, (_, i) => ({ id: String(i), address: '' }));
  }
}

/**
 * A compiler of scripts that say what it shall answer: `bad: <message>` is refused, `needs <var>` is when there are no
 * vars, a leading `batch` is of that type, and `dbrp <name>` declares one.
 */
export class FakeCompiler implements CompileClient {
  async compile(id: string, { script, type, vars, template }: CompileOrder): Promise<compiler.Compiled> {
    if (script === '') throw new CompileRefusal('invalid task type: invalid', 'type');
    const bad = /^bad: (.*)/m.exec(script)?.[1];
    if (bad !== undefined) throw new CompileRefusal(bad, 'script');
    const needed = /^needs (.*)/m.exec(script)?.[1];
    if (needed !== undefined && vars === '{}' && !template) {
      throw new CompileRefusal(`missing value for var "${needed}".`, 'script');
    }
    const said = script.startsWith('batch') ? 'batch' : 'stream';
    if (type !== '' && type !== said) throw new CompileRefusal(`it is a ${said} task`, 'script');
    const dbrps = [...script.matchAll(/^dbrp (.*)/gm)].map(([, db]) => ({ db: db!, rp: 'autogen' }));
    return {
      type: said,
      pipelineJson: script,
      dbrps,
      varsJson: '{}',
      dot: `${id}: ${script}`,
      legacyDot: '',
      formatted: `${script}\n`,
    };
  }

  async format(script: string): Promise<string | undefined> {
    return script.startsWith('bad: syntax') ? undefined : `${script}\n`;
  }
}

/** Templates in memory. */
export class FakeTemplates implements TemplateStore {
  readonly rows = new Map<string, StoredTemplate>();

  async find(id: string): Promise<StoredTemplate | undefined> {
    return this.rows.get(id);
  }

  async all(): Promise<StoredTemplate[]> {
    return [...this.rows.values()].sort(byId);
  }

  async create(id: string, { type, script }: Pick<StoredTemplate, 'type' | 'script'>) {
    if (this.rows.has(id)) return undefined;
    const template = { id, type, script, created: EPOCH, modified: EPOCH };
    this.rows.set(id, template);
    return template;
  }

  async update(id: string, newId: string, { type, script }: Pick<StoredTemplate, 'type' | 'script'>) {
    const now = this.rows.get(id);
    if (now === undefined) return undefined;
    if (newId !== id && this.rows.has(newId)) return 'taken';
    this.rows.delete(id);
    const template = { ...now, id: newId, type, script };
    this.rows.set(newId, template);
    return template;
  }

  async delete(id: string): Promise<void> {
    this.rows.delete(id);
  }
}

export const quietLog = { tail: async () => '1-0' };
export const noNotifications = { next: async () => false };

/** A request with nothing but what matters to the test. */
export const listRequest = (request: Partial<registry.ListRequest> = {}): registry.ListRequest => ({
  pattern: '',
  offset: 0,
  limit: 100,
  ids: [],
  brief: false,
  ...request,
});
