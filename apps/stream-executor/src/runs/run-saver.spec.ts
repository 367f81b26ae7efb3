import type { SnapshotPlace } from '@supercap/storage';
import { createLogger } from '@supercap/telemetry';
import { describe, expect, it } from 'vitest';
import { RunSaver, type RunSaverHooks } from './run-saver';
import { TaskRun } from './task-run';
import { claimedRun } from './testing/fake-log';

/** A run with so many groups that its state is stored while it is written. */
function largeRun(steps: string[]): TaskRun {
  const run = new TaskRun(claimedRun('large', '7-0'), '7-0');
  run.status = 'running';
  const dataflow = {
    idle: true,
    groupCount: 100_000,
    changed: true,
    async *snapshotPieces() {
      for (const piece of ['a', 'b']) {
        steps.push(`write ${piece}`);
        yield Buffer.from(piece);
      }
    },
  };
  run.dataflow = dataflow as unknown as TaskRun['dataflow'];
  return run;
}

type SaveInParts = (
  place: SnapshotPlace,
  pieces: AsyncIterable<Buffer>,
  mayCount: () => Promise<boolean>,
) => Promise<boolean>;

function makeSaver(
  steps: string[],
  saveInParts: SaveInParts,
  hooks: Partial<RunSaverHooks> = {},
  saveOffsets: () => Promise<string[]> = async () => [],
): RunSaver {
  const reader = {
    isShared: () => true,
    settle: () => undefined,
    apart: async () => undefined,
    between: async (work: () => void) => {
      work();
      return true;
    },
  };
  const all: RunSaverHooks = {
    reader: reader as unknown as RunSaverHooks['reader'],
    leased: () => true,
    flushed: async () => void steps.push('flushed'),
    lost: () => void steps.push('lost'),
    ...hooks,
  };
  const snapshots = { save: async () => [], saveInParts: saveInParts as never };
  return new RunSaver({ saveOffsets }, snapshots, all, 1000, createLogger('test', 'off'));
}

describe('a large state', () => {
  it('goes to the store while it is written, lets the run go then, and counts after what it sent is safe', async () => {
    const steps: string[] = [];
    const run = largeRun(steps);
    const saver = makeSaver(steps, async ({ offset }, pieces, mayCount) => {
      for await (const piece of pieces) steps.push(`store ${String(piece)}`);
      steps.push(`counts at ${offset}: ${await mayCount()}`);
      return true;
    });
    await saver.save(run, () => steps.push('captured'));
    expect(steps.slice(0, 7)).toEqual([
      'write a',
      'store a',
      'write b',
      'store b',
      'captured',
      'flushed',
      'counts at 7-0: true',
    ]);
    expect([run.savedOffset, run.dataflow.changed, run.saving]).toEqual(['7-0', false, false]);
  });

  it('is saved again, and its run goes on, when the store fails in the middle', async () => {
    const steps: string[] = [];
    const run = largeRun(steps);
    run.savedOffset = '1-0';
    const saver = makeSaver(steps, async (_place, pieces) => {
      for await (const piece of pieces) throw new Error(`no room for ${String(piece)}`);
      return true;
    });
    await saver.save(run, () => steps.push('captured'));
    expect(steps.slice(0, 2)).toEqual(['write a', 'captured']);
    expect([run.savedOffset, run.dataflow.changed, run.saving]).toEqual(['1-0', true, false]);
  });

  it('tells of a run that somebody else owns by now', async () => {
    const steps: string[] = [];
    const saver = makeSaver(steps, async () => false);
    await saver.save(largeRun(steps));
    expect(steps).toEqual(['lost']);
  });
});

describe('a run whose lease does not stand when its state could be stored', () => {
  const toTheEnd: SaveInParts = async (_place, pieces, mayCount) => {
    for await (const _ of pieces);
    return mayCount();
  };

  it.each([100_000, 1])('has still to be saved, before its place in the log may move (%i groups)', async (groups) => {
    const steps: string[] = [];
    let leased = true;
    const saver = makeSaver(steps, toTheEnd, { leased: () => leased, flushed: async () => void (leased = false) });
    const run = largeRun(steps);
    Object.assign(run.dataflow, { groupCount: groups, snapshot: async () => [Buffer.from('a')] });
    await saver.save(run);
    expect([run.dataflow.changed, run.savedOffset, steps.includes('lost')]).toEqual([true, '7-0', false]);
  });
});

it('saves no state while the place in the log is being moved, which would then be written over a later one', async () => {
  const steps: string[] = [];
  let moved!: () => void;
  const moving = new Promise<string[]>((resolve) => (moved = () => resolve([])));
  const saver = makeSaver(
    steps,
    async () => true,
    {},
    () => moving,
  );
  const run = largeRun(steps);
  run.dataflow.changed = false;
  run.savedOffset = '1-0';
  run.lastSave = 0;
  saver.saveDue([run]);
  run.lastSave = 0;
  run.dataflow.changed = true;
  saver.saveDue([run]);
  expect([run.saving, steps]).toEqual([true, []]);
  moved();
  await run.busy;
  expect([run.saving, run.savedOffset]).toEqual([false, '7-0']);
});
