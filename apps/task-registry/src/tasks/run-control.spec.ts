import { describe, expect, it, vi } from 'vitest';
import { FakeRuns, FakeTasks, quietLog } from '../testing/fakes';
import { RunControl } from './run-control';

const definition = {
  revision: 1,
  type: 'stream',
  script: '',
  dbrps: [],
  pipeline: '',
  dot: '',
  legacyDot: '',
} as const;

/** A control whose every look at the run takes half a second, and calls `looked`. */
async function begun(looked: (runs: FakeRuns, look: number) => void) {
  vi.useFakeTimers();
  const tasks = new FakeTasks();
  await tasks.create('t', { type: 'stream', templateId: '', script: '', dialect: 'v1', vars: '{}', dbrps: [] });
  const runs = new FakeRuns(tasks);
  let looks = 0;
  const next = async () => {
    vi.advanceTimersByTime(500);
    looked(runs, ++looks);
    return false;
  };
  runs.executors = 0;
  const control = new RunControl(runs, quietLog, { next });
  const generation = (await control.begin('t', definition))!;
  return { runs, started: control.started('t', generation).finally(() => vi.useRealTimers()) };
}

const set = (runs: FakeRuns, status: string, error = '') =>
  runs.runs.set('t', { ...runs.runs.get('t')!, status, error });

describe('waiting for a start', () => {
  it('outlives an executor that is restarted', async () => {
    const { started } = await begun((runs, look) => {
      runs.executors = look >= 4 ? 1 : 0;
      if (look === 8) set(runs, 'running');
    });
    await expect(started).resolves.toBeUndefined();
  });

  it('ends with the start error', async () => {
    const { started } = await begun((runs, look) => look === 2 && set(runs, 'failed', 'no such cluster'));
    await expect(started).rejects.toMatchObject({ status: 500, message: 'no such cluster' });
  });

  it('ends with 503 when there is no executor for seconds', async () => {
    const { started } = await begun(() => undefined);
    await expect(started).rejects.toMatchObject({ status: 503 });
  });

  it('ends when the task is disabled meanwhile', async () => {
    const { started } = await begun((runs, look) => look === 2 && runs.runs.delete('t'));
    await expect(started).resolves.toBeUndefined();
  });
});
