import { nodeDefinitions } from '@supercap/nodes';
import { compileScript, createCatalog, encodePipeline } from '@supercap/pipeline';
import type { registry } from '@supercap/protocol';
import type { NewReplay, RecordingOrder, StoredRecording, StoredReplay, StoredTask } from '@supercap/storage';
import { describe, expect, it } from 'vitest';
import type { CompileClient } from '../tasks/compile-client';
import { RecordingService } from './recording-service';
import { ReplayService } from './replay-service';

const catalog = createCatalog(nodeDefinitions);
const compiler: CompileClient = {
  compile: async (_id, { script }) => {
    const { pipeline } = compileScript({ script, dialect: 'v1', catalog });
    return { pipelineJson: encodePipeline(pipeline) } as never;
  },
  format: async () => undefined,
};

const task = (id: string, type: 'stream' | 'batch', script: string) => ({
  id,
  type,
  script,
  dialect: 'v1',
  vars: '{}',
  dbrps: [{ db: 'd', rp: 'r' }],
});
const tasks = {
  find: async (id: string) =>
    [
      task('s', 'stream', `stream|from().measurement('m')\nstream|from().measurement('n')`),
      task('all', 'stream', `stream|from().measurement('m')\nstream|from()`),
      task('b', 'batch', `batch|query('SELECT v FROM d.r.m').every(10s).period(10s)`),
    ].find((one) => one.id === id) as unknown as StoredTask | undefined,
};

/** Wakes waiting calls at once, again and again. */
const notifications = { next: () => new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 1)) };

class Records<T extends { id: string; status: string }> {
  readonly rows = new Map<string, T>();
  find = async (id: string) => this.rows.get(id);
  all = async () => [...this.rows.values()];
  delete = async (id: string) => this.rows.delete(id);
}

class Recordings extends Records<StoredRecording> {
  readonly steps: string[] = [];

  async create(id: string, type: 'stream' | 'batch', order: RecordingOrder, offset?: string) {
    if (this.rows.has(id)) return undefined;
    this.steps.push(`create at ${offset}`);
    const row = {
      id,
      type,
      order,
      offset: offset ?? null,
      status: 'running',
      error: '',
      size: 0n,
      date: new Date(0),
      progress: 0,
      state: {},
    } as const;
    this.rows.set(id, row);
    return row;
  }

  async setOffset(id: string, offset: string) {
    this.steps.push(`offset ${offset}`);
    this.rows.set(id, { ...this.rows.get(id)!, offset });
  }

  fail = async () => true;
}

class Replays extends Records<StoredReplay> {
  async create(replay: NewReplay, overwrite: boolean) {
    if (this.rows.has(replay.id) && !overwrite) return undefined;
    const row: StoredReplay = {
      ...replay,
      date: new Date(0),
      error: '',
      phase: '',
      status: 'running',
      progress: 0,
      stats: '{}',
    };
    this.rows.set(replay.id, row);
    return row;
  }
}

const jobs: string[] = [];
const queues = {
  record: async (_job: string, id: string) => void jobs.push(`record ${id}`),
  replay: async (_job: string, id: string) => void jobs.push(`replay ${id}`),
};

function services() {
  const recordings = new Recordings();
  const replays = new Replays();
  const log = {
    tail: async () => {
      recordings.steps.push('tail');
      return '7-0';
    },
  };
  return {
    recordings,
    replays,
    recording: new RecordingService(recordings, tasks, compiler, log, queues, notifications),
    replay: new ReplayService(replays, recordings, tasks, compiler, queues, notifications),
  };
}

const record = (more: Partial<registry.CreateRecordingRequest>): registry.CreateRecordingRequest => ({
  id: 'r1',
  kind: 'stream',
  taskId: 's',
  query: '',
  type: '',
  cluster: '',
  legacy: false,
  ...more,
});
const play = (more: Partial<registry.CreateReplayRequest>): registry.CreateReplayRequest => ({
  id: 'p1',
  taskId: 's',
  recordingId: 'r1',
  recordingTime: false,
  clock: 'fast',
  kind: 'recording',
  start: 0n,
  stop: 0n,
  query: '',
  cluster: '',
  legacy: false,
  ...more,
});

describe('a recording that is ordered', () => {
  it('holds the whole log until its place there is known', async () => {
    const { recording, recordings } = services();
    await recording.create(record({ stop: 5n }));
    expect(recordings.steps).toEqual(['create at 0-0', 'tail', 'offset 7-0']);
    expect(jobs.at(-1)).toBe('record r1');
  });

  it.each([
    ['s', ['n', 'm']],
    ['all', []],
  ])('of task %s is of the measurements that the task takes in', async (taskId, measurements) => {
    const { recording, recordings } = services();
    await recording.create(record({ taskId, stop: 5n }));
    expect(recordings.rows.get('r1')!.order).toMatchObject({ stop: '5', measurements });
  });

  it('in the API of 2016 is of all measurements, and ends by the clock on the wall too', async () => {
    const { recording, recordings } = services();
    await recording.create(record({ duration: 3_000_000_000n, legacy: true }));
    const order = recordings.rows.get('r1')!.order as { until: number };
    expect(order).toMatchObject({ duration: '3000000000', measurements: [] });
    expect(Math.abs(order.until - Date.now() - 3000)).toBeLessThan(1000);
  });

  it.each<[Partial<registry.CreateRecordingRequest>, number, string]>([
    [{ taskId: 'x' }, 404, 'no task exists'],
    [{ taskId: 'x', legacy: true }, 404, 'unknown task x'],
    [{ id: 'a b' }, 400, `recording ID must contain only letters, numbers, '-', '.' and '_'. "a b"`],
    [{ id: '..' }, 400, `recording ID must contain only letters, numbers, '-', '.' and '_'. ".."`],
    [{ id: '.' }, 400, `recording ID must contain only letters, numbers, '-', '.' and '_'. "."`],
    [{ id: '../x' }, 400, `recording ID must contain only letters, numbers, '-', '.' and '_'. "../x"`],
    [{ id: 'ж'.repeat(126) }, 400, 'name of 252 bytes is longer than the limit of 250'],
    [{ kind: 'batch', taskId: 'b' }, 400, 'must provide start time'],
    [{ kind: 'query' }, 400, 'must provide query'],
    [{ kind: 'query', query: 'SELECT', type: 'x' }, 400, 'invalid type "x"'],
  ])('as %o is refused', async (order, status, message) => {
    await expect(services().recording.create(record(order))).rejects.toMatchObject({ status, message });
  });

  it('is refused when its id is taken', async () => {
    const { recording } = services();
    await recording.create(record({ stop: 5n }));
    await expect(recording.create(record({ stop: 5n }))).rejects.toMatchObject({
      status: 500,
      message: 'recording already exists',
    });
  });

  it('is waited for until it ends', async () => {
    const { recording, recordings } = services();
    await recording.create(record({ stop: 5n }));
    const waiting = recording.get({ id: 'r1', wait: true });
    await notifications.next();
    recordings.rows.set('r1', { ...recordings.rows.get('r1')!, status: 'failed', error: 'why' });
    expect(await waiting).toMatchObject({ status: 'failed', error: 'why' });
  });

  it('that is deleted ends the waiting for it', async () => {
    const { recording } = services();
    await recording.create(record({ stop: 5n }));
    const waiting = recording.get({ id: 'r1', wait: true });
    await recording.delete('r1');
    await expect(waiting).rejects.toMatchObject({ message: 'error finding recording: no recording exists' });
  });
});

describe('a replay that is ordered', () => {
  it.each<[Partial<registry.CreateReplayRequest>, number, string]>([
    [{ taskId: 'x' }, 404, 'task load: no task exists'],
    [{ taskId: 'x', legacy: true }, 404, 'task load: unknown task x'],
    [{}, 404, 'recording not found: no recording exists'],
    [{ clock: 'bad' }, 400, 'unknown Clock bad'],
    [{ clock: 'bad', legacy: true }, 400, 'invalid clock "bad"'],
    [{ id: 'a b' }, 400, `replay ID must contain only letters, numbers, '-', '.' and '_'. "a b"`],
    [{ id: 'a b', kind: 'batch', taskId: 'b' }, 400, 'replay ID must match ^[-\\._\\p{L}0-9]+$ "a b"'],
    [{ kind: 'batch' }, 400, 'cannot replay batch against stream task: s'],
    [{ kind: 'query' }, 400, 'must provide query'],
  ])('as %o is refused', async (order, status, message) => {
    await expect(services().replay.create(play(order))).rejects.toMatchObject({ status, message });
  });

  it('in the API of 2016 leaves it to the recorder to look for the recording', async () => {
    expect(await services().replay.create(play({ legacy: true, clock: '' }))).toMatchObject({
      status: 'running',
      clock: 'real',
    });
  });

  it('takes the place of an older one of its id, unless it queries for itself', async () => {
    const { replay } = services();
    const query = play({ kind: 'query', query: 'SELECT v FROM d.r.m' });
    await replay.create(query);
    await expect(replay.create(query)).rejects.toMatchObject({ status: 500, message: 'replay already exists' });
    await replay.create(play({ legacy: true }));
  });
});
