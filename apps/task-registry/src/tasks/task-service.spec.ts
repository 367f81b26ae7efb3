import type { registry } from '@supercap/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { KeyedQueue } from '../keyed-queue';
import {
  FakeCompiler,
  FakeRuns,
  FakeTasks,
  FakeTemplates,
  listRequest,
  noNotifications,
  quietLog,
} from '../testing/fakes';
import { RunControl } from './run-control';
import { TaskService } from './task-service';
import { TaskSwitch } from './task-switch';
import { TaskView } from './task-view';

let tasks: FakeTasks;
let runs: FakeRuns;
let templates: FakeTemplates;
let view: TaskView;
let service: TaskService;
let deletedTopics: string[];

beforeEach(() => {
  tasks = new FakeTasks();
  runs = new FakeRuns(tasks);
  templates = new FakeTemplates();
  deletedTopics = [];
  const compiler = new FakeCompiler();
  const control = new RunControl(runs, quietLog, noNotifications);
  view = new TaskView(tasks, control, compiler);
  const topics = { deleteOfTask: async (id: string) => void deletedTopics.push(id) };
  const power = new TaskSwitch(tasks, control, compiler);
  service = new TaskService(tasks, templates, topics, power, view, compiler, new KeyedQueue());
});

const dbrps = [{ db: 'd', rp: 'r' }];
const create = (request: Partial<registry.CreateTaskRequest> = {}) =>
  service.create({
    id: 't',
    templateId: '',
    type: '',
    dbrps,
    script: 'stream',
    enabled: false,
    varsJson: '',
    ...request,
  });
const update = (request: Partial<registry.UpdateTaskRequest>) =>
  service.update({
    id: 't',
    newId: '',
    templateId: '',
    type: '',
    dbrps: [],
    script: '',
    status: '',
    varsJson: '',
    ...request,
  });

describe('creating a task', () => {
  it('checks in the order that clients know', async () => {
    await create();
    const wrong = { dbrps: [], script: '', varsJson: '{"x":{"type":"string","value":1}}' };
    await expect(create({ ...wrong, id: 'a b', varsJson: '{"x":1}' })).rejects.toMatchObject({
      status: 400,
      message: 'invalid JSON',
    });
    await expect(create({ ...wrong, id: 'a b' })).rejects.toThrow(
      `task ID must contain only letters, numbers, '-', '.' and '_'. "a b"`,
    );
    await expect(create(wrong)).rejects.toThrow('task t already exists');
    await expect(create({ ...wrong, id: 'u', templateId: 'no' })).rejects.toThrow(
      'unknown template no: err: no template exists',
    );
    await expect(create({ ...wrong, id: 'u' })).rejects.toThrow('must provide TICKscript');
    await expect(create({ ...wrong, id: 'u', script: 'bad: line 1' })).rejects.toThrow(
      'invalid var x: unsupported Var type json.Number.',
    );
    await expect(create({ id: 'u', dbrps: [], script: 'bad: line 1' })).rejects.toMatchObject({
      status: 400,
      message: 'invalid TICKscript: line 1',
    });
    await expect(create({ id: 'u', dbrps: [] })).rejects.toThrow('must specify dbrp');
  });

  it('takes the type from the script and keeps vars with exact numbers', async () => {
    const task = await create({
      script: 'batch',
      type: 'stream',
      varsJson: '{"n":{"type":"int","value":9223372036854775807}}',
    });
    expect(task).toMatchObject({ type: 'batch', enabled: false, executing: false, formatted: 'batch\n' });
    expect(task.varsJson).toBe('{"n":{"type":"int","value":9223372036854775807,"description":""}}');
  });

  it('makes up an id', async () => {
    expect((await create({ id: '' })).id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('keeps a task that cannot start, enabled and with the error', async () => {
    runs.startError = () => "must define one of 'every' or 'cron'";
    await expect(create({ enabled: true })).rejects.toMatchObject({
      status: 500,
      message: "must define one of 'every' or 'cron'",
    });
    expect(await view.get('t')).toMatchObject({
      enabled: true,
      executing: false,
      error: "must define one of 'every' or 'cron'",
    });
  });
});

describe('changing a task', () => {
  it('replaces what is given and does not restart what runs', async () => {
    await create({ enabled: true });
    const task = await update({ script: 'stream new' });
    expect(task).toMatchObject({ script: 'stream new', executing: true, revision: 2, dot: 't: stream' });
    expect(runs.log).toEqual(['start t']);
  });

  it('takes empty values for nothing', async () => {
    await create({ varsJson: '{"n":{"type":"int","value":1}}' });
    const task = await update({ varsJson: '{}' });
    expect(task.varsJson).toContain('"value":1');
    expect(task.dbrps).toEqual(dbrps);
  });

  it('gives a running task another name and starts it anew', async () => {
    await create({ enabled: true });
    expect(await update({ newId: 'u u' })).toMatchObject({ id: 'u u', executing: true });
    expect(runs.log).toEqual(['start t', 'stop t', 'start u u']);
    await expect(view.get('t')).rejects.toThrow('no task exists');
  });

  it('refuses a name that is taken and leaves both tasks alone', async () => {
    await create({ enabled: true });
    await create({ id: 'u' });
    await expect(update({ newId: 'u', script: 'stream new' })).rejects.toMatchObject({
      status: 500,
      message: 'failed to create new task during ID change: object already exists',
    });
    expect(await view.get('t')).toMatchObject({ script: 'stream', executing: true });
  });

  it('keeps to the script of the template', async () => {
    await templates.create('tm', { type: 'stream', script: 'stream of tm' });
    await create({ templateId: 'tm' });
    expect(await update({ script: 'stream other' })).toMatchObject({ script: 'stream of tm', templateId: 'tm' });
    await templates.delete('tm');
    await expect(update({})).rejects.toThrow('unknown template tm: err: no template exists');
  });

  it('starts and stops on a change of the status only', async () => {
    await create();
    await update({ status: 'enabled' });
    await update({ status: 'enabled' });
    await update({});
    await update({ status: 'disabled' });
    await update({ status: 'disabled' });
    expect(runs.log).toEqual(['start t', 'stop t']);
  });

  it('says that there is none', async () => {
    await expect(update({ id: 'no' })).rejects.toMatchObject({
      status: 404,
      message: 'task does not exist, cannot update',
    });
  });
});

describe('defining a task as in 2016', () => {
  const define = (request: Partial<registry.DefineTaskRequest>) => service.define({ name: 't', ...request });
  const whole = { type: 'stream', script: 'stream', dbrps: { items: dbrps } };

  it('stores nothing when the result does not compile', async () => {
    await define(whole);
    await expect(define({ type: 'batch' })).rejects.toMatchObject({
      status: 500,
      message: 'invalid task: it is a stream task',
    });
    expect((await view.get('t')).revision).toBe(1);
  });

  it('wants a name only when all else is fine', async () => {
    await expect(define({ ...whole, name: '', script: 'bad: x' })).rejects.toThrow('invalid task: x');
    await expect(define({ ...whole, name: '' })).rejects.toMatchObject({ status: 500, message: 'key required' });
  });

  it('starts over from what somebody else stored meanwhile', async () => {
    const first = await define(whole);
    tasks.beforeWrite = () => tasks.put({ ...tasks.rows.get('t')!, dbrps: [{ db: 'other', rp: '' }], revision: 2 });
    expect(first.revision).toBe(1);
    expect(await define({ script: 'stream new' })).toMatchObject({
      revision: 3,
      dbrps: [{ db: 'other', rp: '' }],
      script: 'stream new',
    });
  });

  it('takes many at once', async () => {
    await Promise.all(Array.from({ length: 200 }, (_, i) => define({ ...whole, script: `stream ${i}` })));
    expect(await view.get('t')).toMatchObject({ revision: 200, script: 'stream 199' });
  });
});

describe('enabling and disabling', () => {
  it('does not start again what stopped with an error, before it is disabled', async () => {
    await create({ enabled: true });
    runs.runs.set('t', { ...runs.runs.get('t')!, status: 'failed', error: 'out of luck' });
    expect(await service.enable('t')).toMatchObject({ enabled: true, executing: false, error: 'out of luck' });
    await service.disable('t');
    expect(await view.get('t')).toMatchObject({ enabled: false, executing: false, error: '' });
    expect(await service.enable('t')).toMatchObject({ executing: true, error: '' });
  });

  it('keeps a task enabled whose script no longer compiles', async () => {
    await create();
    tasks.put({ ...tasks.rows.get('t')!, script: 'bad: too old' });
    await expect(service.enable('t')).rejects.toMatchObject({ status: 500, message: 'too old' });
    expect(await view.get('t')).toMatchObject({ enabled: true, executing: false, error: 'too old', dot: '' });
  });

  it('knows no task of that name', async () => {
    await expect(service.enable('no')).rejects.toMatchObject({ status: 500, message: 'unknown task no' });
    await service.disable('no');
    await service.delete('no');
    expect(deletedTopics).toEqual([]);
  });

  it('stops what is deleted and forgets its topics', async () => {
    await create({ enabled: true });
    await service.delete('t');
    expect(runs.log).toEqual(['start t', 'stop t']);
    expect(deletedTopics).toEqual(['t']);
    await expect(view.get('t')).rejects.toMatchObject({ status: 404, message: 'no task exists' });
  });
});

describe('listing tasks', () => {
  it('gives exactly those that are named, in their order', async () => {
    for (const id of ['a', 'b', 'c']) await create({ id });
    const list = async (ids: string[]) => (await view.list(listRequest({ ids }))).map(({ id }) => id);
    expect(await list(['c', 'a', 'c'])).toEqual(['c', 'a', 'c']);
    await expect(list(['a', 'x'])).rejects.toMatchObject({
      status: 404,
      message: 'found invalid task in db. name: x, err: unknown task x',
    });
  });

  it('asks the compiler nothing for a brief list', async () => {
    await create();
    tasks.put({ ...tasks.rows.get('t')!, script: 'bad: x' });
    expect(await view.list(listRequest({ brief: true }))).toMatchObject([{ id: 't', dot: '', error: '' }]);
  });
});
