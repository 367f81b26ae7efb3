import { openDatabase, SnapshotStore, type Database, type SnapshotStoreSizes } from '@supercap/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { define, enable, startProduct, taskStats, until, write, type Product } from './harness';

// States that are too large to be stored in one piece: 20,000 groups.

const HOSTS = 20_000;
const PER_WRITE = 5000;
const START = 1_500_000_000;

let product: Product;
let db: Database;
const stores: SnapshotStore[] = [];

function openStore(sizes?: SnapshotStoreSizes): SnapshotStore {
  const store = new SnapshotStore(product.databaseUrl(), () => undefined, sizes);
  stores.push(store);
  return store;
}

beforeAll(async () => {
  product = await startProduct({ env: { SUPERCAP_SNAPSHOT_INTERVAL: '1s' } });
  db = openDatabase(product.databaseUrl());
});

afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await db?.$disconnect();
  await product?.stop();
});

interface Stored {
  readonly epoch: bigint;
  readonly offset: string;
  readonly inline: boolean;
  readonly parts: number;
  readonly strays: number;
}

async function stored(taskId: string): Promise<Stored> {
  const rows = await db.$queryRaw<Stored[]>`
    SELECT epoch, "offset", snapshot IS NOT NULL AS inline,
      (SELECT count(*)::int FROM snapshot_part p WHERE p.snapshot_id = run.snapshot_id) AS parts,
      (SELECT count(*)::int FROM snapshot_part p
        WHERE p.task_id = run.task_id AND p.snapshot_id IS DISTINCT FROM run.snapshot_id) AS strays
    FROM run WHERE task_id = ${taskId}`;
  return rows[0]!;
}

async function writeAll(measurement: string, second: number): Promise<void> {
  for (let first = 0; first < HOSTS; first += PER_WRITE) {
    const lines = Array.from({ length: PER_WRITE }, (_, i) => `${measurement},host=h${first + i} n=1 ${second}`);
    await write(product, lines.join('\n'), { precision: 's' });
  }
}

/** Resolves when a snapshot was stored after everything that was written so far. */
async function saved(taskId: string): Promise<Stored> {
  const { offset } = await stored(taskId);
  return until('a snapshot', async () => {
    const now = await stored(taskId);
    return now.offset !== offset && !now.inline && now.parts > 0 && now;
  });
}

const counted = `
  stream|from().measurement('large').groupBy('host')
    |window().period(1h).every(1h)
    |count('n')
    |where(lambda: "count" == 3)
    |httpOut('o')`;

describe('a large state', () => {
  it('is stored in parts, and is whole after its executor was killed, twice', async () => {
    await define(product, { id: 'large', script: counted });
    for (let round = 0; round < 2; round++) {
      const snapshot = saved('large');
      await writeAll('large', START + round);
      expect((await snapshot).parts).toBeGreaterThan(1);
      product.kill('stream-executor', 'SIGKILL');
    }
    await writeAll('large', START + 2);
    await writeAll('large', START + 7200);
    await until(
      'all windows',
      async () => (await taskStats(product, 'large'))['where4']?.['emitted'] === HOSTS,
      40_000,
    );
    const last = await until('what is replaced to go', async () => {
      const now = await stored('large');
      return now.strays === 0 && now;
    });
    expect(last.parts).toBeGreaterThan(1);
  }, 120_000);

  it('leaves nothing behind when it shrinks or ends', async () => {
    const parts = async () =>
      Number((await db.$queryRaw<{ n: bigint }[]>`SELECT count(*) AS n FROM snapshot_part`)[0]!.n);
    const before = await stored('large');
    const store = openStore();
    await store.load({ taskId: 'large', epoch: before.epoch });
    expect(
      await store.save([{ taskId: 'large', epoch: before.epoch, offset: before.offset, snapshot: [Buffer.from('x')] }]),
    ).toEqual([]);
    expect(await stored('large')).toMatchObject({ inline: true, parts: 0, strays: 0 });

    const large = saved('large');
    await writeAll('large', START + 7201);
    await large;
    await enable(product, 'large', 'disabled');
    await until('its end', async () => (await parts()) === 0);
  }, 60_000);

  it('is refused of an owner of the past', async () => {
    await define(product, { id: 'fenced', script: `stream|from().measurement('fenced')` });
    const { epoch, offset } = await until('its run', async () => {
      const now = await stored('fenced');
      return now?.offset != null && now;
    });
    const store = openStore({ inlineBytes: 10, partBytes: 4 });
    const save = (bytes: string, of: bigint) =>
      store.save([{ taskId: 'fenced', epoch: of, offset, snapshot: [Buffer.from(bytes)] }]);
    expect(await save('a small one', epoch - 1n)).toEqual(['fenced']);
    expect(await save('small', epoch - 1n)).toEqual(['fenced']);
    expect(await store.load({ taskId: 'fenced', epoch })).toBeUndefined();
    expect(await save('in three parts', epoch)).toEqual([]);
    expect(Buffer.concat((await store.load({ taskId: 'fenced', epoch }))!).toString()).toBe('in three parts');
    expect(await stored('fenced')).toMatchObject({ inline: false, parts: 4, strays: 0 });
    expect(await save('small', epoch)).toEqual([]);
    expect((await store.load({ taskId: 'fenced', epoch }))!.map(String)).toEqual(['small']);
    expect(await stored('fenced')).toMatchObject({ inline: true, parts: 0, strays: 0 });
  }, 30_000);
});
