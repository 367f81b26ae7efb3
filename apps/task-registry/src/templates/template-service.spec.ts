import type { registry } from '@supercap/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { KeyedQueue } from '../keyed-queue';
import { RunControl } from '../tasks/run-control';
import { TaskSwitch } from '../tasks/task-switch';
import { FakeCompiler, FakeRuns, FakeTasks, FakeTemplates, noNotifications, quietLog } from '../testing/fakes';
import { BoundTasks } from './bound-tasks';
import { TemplateService } from './template-service';

let tasks: FakeTasks;
let runs: FakeRuns;
let service: TemplateService;

beforeEach(() => {
  tasks = new FakeTasks();
  runs = new FakeRuns(tasks);
  const compiler = new FakeCompiler();
  const power = new TaskSwitch(tasks, new RunControl(runs, quietLog, noNotifications), compiler);
  const bound = new BoundTasks(tasks, power, compiler, new KeyedQueue());
  service = new TemplateService(new FakeTemplates(), bound, compiler, new KeyedQueue());
});

const create = (script: string, id = 'tm') => service.create({ id, type: '', script });
const update = (request: Partial<registry.UpdateTemplateRequest>) =>
  service.update({ id: 'tm', newId: '', type: '', script: '', ...request });

async function bind(id: string, enabled: boolean, script = 'stream') {
  const dbrps = [{ db: 'd', rp: 'r' }];
  await tasks.create(id, { type: 'stream', templateId: 'tm', script, dialect: 'v1', vars: '{}', dbrps });
  if (enabled)
    await runs.want(id, { revision: 1, type: 'stream', script, dbrps, pipeline: '', dot: '', legacyDot: '' });
  runs.log.length = 0;
}

describe('templates', () => {
  it('are created once, from scripts that compile', async () => {
    expect(await create('needs x')).toMatchObject({ id: 'tm', type: 'stream', formatted: 'needs x\n', error: '' });
    await expect(create('stream')).rejects.toMatchObject({ status: 400, message: 'template tm already exists' });
    await expect(create('bad: x', 'u')).rejects.toThrow('invalid TICKscript: x');
    await expect(create('', 'u')).rejects.toThrow('invalid task type: invalid');
    await expect(create('stream', 'a b')).rejects.toThrow(`template ID must contain only letters`);
    await expect(update({ id: 'no' })).rejects.toMatchObject({
      status: 404,
      message: 'template does not exist, cannot update',
    });
  });

  it('take their tasks along', async () => {
    await create('stream');
    await bind('off', false);
    await bind('on', true);
    await update({ newId: 'tn', script: 'batch' });
    expect(tasks.rows.get('off')).toMatchObject({ script: 'batch', type: 'batch', templateId: 'tn', enabled: false });
    expect(tasks.rows.get('on')).toMatchObject({ script: 'batch', templateId: 'tn', enabled: true });
    expect(runs.log).toEqual(['stop on', 'start on']);
  });

  it('take the databases of their tasks along when their script says them', async () => {
    await create('stream');
    await bind('t', false);
    await update({ script: 'stream\ndbrp new' });
    expect(tasks.rows.get('t')!.dbrps).toEqual([{ db: 'new', rp: 'autogen' }]);
  });

  it('stay changed when a task cannot follow, but all tasks are as before', async () => {
    await create('stream');
    for (const id of ['a', 'b', 'c']) await bind(id, true);
    runs.startError = ({ script }) => (script === 'stream new' && runs.log.includes('stop b') ? 'no luck' : undefined);
    await expect(update({ script: 'stream new' })).rejects.toMatchObject({
      status: 500,
      message: 'error reloading associated task b: no luck',
    });
    for (const id of ['a', 'b', 'c']) {
      expect(tasks.rows.get(id)).toMatchObject({ script: 'stream', templateId: 'tm', enabled: true });
      expect(runs.runs.get(id)).toMatchObject({ status: 'running', definition: { script: 'stream' } });
    }
    expect(await service.get('tm')).toMatchObject({ script: 'stream new' });
  });

  it('do not stop a task whose vars no longer do', async () => {
    await create('stream');
    await bind('t', true);
    await expect(update({ script: 'needs y' })).rejects.toThrow(
      'error reloading associated task t: missing value for var "y".',
    );
    expect(runs.log).toEqual([]);
    expect(tasks.rows.get('t')).toMatchObject({ script: 'stream', revision: 1 });
  });

  it('change nothing where a task that runs would be left without databases', async () => {
    await create('stream\ndbrp old');
    await bind('t', true);
    const before = tasks.rows.get('t')!;
    await expect(update({ script: 'stream' })).rejects.toMatchObject({
      status: 500,
      message: 'error reloading associated task t: task does contain any dbrps',
    });
    expect(tasks.rows.get('t')).toEqual(before);
    expect(await service.get('tm')).toMatchObject({ script: 'stream\ndbrp old' });
    expect(runs.log).toEqual([]);
  });
});
