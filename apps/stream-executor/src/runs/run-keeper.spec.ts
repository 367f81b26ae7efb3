import { defaultLimits } from '@supercap/dataflow';
import { nodeDefinitions } from '@supercap/nodes';
import { createCatalog, type Ports } from '@supercap/pipeline';
import type { PointLog } from '@supercap/point-log';
import type { ClaimedRun, RunStore, SnapshotSave, SnapshotStore } from '@supercap/storage';
import { createLogger } from '@supercap/telemetry';
import { afterEach, expect, it, vi } from 'vitest';
import { SharedWatch } from './guard/shared-watch';
import { RunKeeper } from './run-keeper';
import { FakeLog, claimedRun } from './testing/fake-log';

const RUNS = 30;
/** A busy machine takes its time; what is waited for comes or never does. */
vi.setConfig({ testTimeout: 30_000 });
const waitFor = (check: () => void) => vi.waitFor(check, 20_000);

/** The rows of one owner; snapshots are stored when `letStore` says so. */
function fakeStore() {
  const free = Array.from({ length: RUNS }, (_, i) => claimedRun(`t${i}`, '0-0'));
  const held: ClaimedRun[] = [];
  const saved = new Map<string, string[]>();
  let letStore!: () => void;
  const storing = new Promise<void>((resolve) => (letStore = resolve));
  const store = {
    held: async () => held.map((run) => ({ ...run, wanted: true })),
    liveExecutors: async () => [{ id: 'e', address: '' }],
    active: async () => RUNS,
    claim: async (_id: string, most: number) => {
      const claimed = free.splice(0, most);
      held.push(...claimed);
      return claimed;
    },
    started: async () => true,
    failed: async () => undefined,
    release: async () => undefined,
    saveOffsets: async () => [],
  };
  const snapshots = {
    load: async () => undefined,
    save: async (saves: readonly SnapshotSave[]) => {
      await storing;
      for (const { taskId, offset } of saves) saved.set(taskId, [...(saved.get(taskId) ?? []), offset]);
      return [];
    },
  };
  return {
    store: store as unknown as RunStore,
    snapshots: snapshots as unknown as SnapshotStore,
    saved,
    letStore,
  };
}

let keeper: RunKeeper | undefined;
afterEach(() => keeper?.stop());

it('saves small runs where they stand: none of them leaves the others, however long the database takes', async () => {
  const log = new FakeLog();
  const alone = vi.spyOn(log, 'range');
  const { store, snapshots, saved, letStore } = fakeStore();
  keeper = new RunKeeper(
    store,
    snapshots,
    { id: 'e', valid: true, watch: new SharedWatch(), watchRun: () => undefined, unwatchRun: () => undefined },
    Object.assign(log, { tail: async () => '0-0' }) as unknown as PointLog,
    createCatalog(nodeDefinitions),
    {
      prepare: async () => undefined,
      portsOf: () => ({}) as Ports,
      ready: () => undefined,
      flushed: async () => undefined,
      released: () => undefined,
    },
    { snapshotIntervalMs: 20, tickMs: 5, limits: defaultLimits },
    createLogger('test', 'error'),
  );
  const { runs, reader } = keeper;
  const collected = () => [...runs.values()].map(({ dataflow }) => dataflow.sourceMessages);
  const everyRun = (count: number) => Array.from({ length: RUNS }, () => count);
  keeper.start();
  await waitFor(() => expect([...runs.values()].filter((run) => reader.isShared(run))).toHaveLength(RUNS));
  alone.mockClear();

  for (let i = 1; i <= 10; i++) log.append(i);
  await waitFor(() => expect([...runs.values()].every(({ saving }) => saving)).toBe(true));
  for (let i = 11; i <= 20; i++) log.append(i);
  await waitFor(() => expect(collected()).toEqual(everyRun(20)));
  expect([...runs.values()].every((run) => reader.isShared(run))).toBe(true);
  expect(saved.size).toBe(0);

  letStore();
  await waitFor(() => expect([...saved.values()].filter((offsets) => offsets.at(-1) === '20-0')).toHaveLength(RUNS));
  // One reader for all of them: thirty that read alone would have asked thirty times as often.
  expect(alone.mock.calls.length).toBeLessThan(RUNS);
});
