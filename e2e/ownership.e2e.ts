import { openDatabase, type Database } from '@supercap/storage';
import { spawn, type ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  define,
  request,
  startProduct,
  startReceiver,
  startSecondExecutor,
  until,
  write,
  type Product,
  type Receiver,
} from './harness';

// Who owns a run, when the machine is busy, a process stands still, the database is slow, or a task holds its executor.

const START = 1_500_000_000;

let product: Product;
let receiver: Receiver;
let db: Database;

beforeAll(async () => {
  [product, receiver] = await Promise.all([startProduct(), startReceiver()]);
  db = openDatabase(product.databaseUrl(), 2);
});

afterAll(async () => {
  await db?.$disconnect();
  await product?.stop();
  await receiver?.close();
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Counts the points of an hour, and posts the count when it is over. */
const counter = (name: string) => `
  stream|from().measurement('${name}')|window().period(1h).every(1h)|count('v')
    |alert().details('').message('{{ index .Fields "count" }}').crit(lambda: TRUE).post('${receiver.url}/${name}')`;

const posted = (name: string) =>
  receiver.received
    .filter(({ path }) => path === `/${name}`)
    .map(({ body }) => (JSON.parse(body) as { message: string }).message);

const writePoint = (name: string, second = 0) => write(product, `${name} v=1 ${START + second}`, { precision: 's' });

/** Writes until it is taken. */
const persist = (name: string, second = 0) => until('a write', () => writePoint(name, second).then(() => true), 30_000);

async function runOf(taskId: string) {
  const rows = await db.$queryRaw<{ owner: string | null; epoch: bigint; status: string; error: string }[]>`
    SELECT owner_id::text AS owner, epoch, status, error FROM run WHERE task_id = ${taskId}`;
  return rows[0];
}

const logged = (text: string) => product.logs.filter((line) => line.includes(text)).length;

it('stays with a starved executor, which renews its lease all the same', async () => {
  await define(product, { id: 'starved', script: counter('starved') });
  const before = await runOf('starved');
  const hogs: ChildProcess[] = Array.from({ length: 4 }, () => spawn(process.execPath, ['-e', 'for(;;);']));
  try {
    const end = Date.now() + 12_000;
    for (let i = 0; Date.now() < end; i++) {
      await persist('starved', i % 3000);
      await pause(20);
    }
  } finally {
    for (const hog of hogs) hog.kill('SIGKILL');
  }
  expect(await runOf('starved')).toEqual(before);
  expect(logged('the lease was taken away')).toBe(0);
  expect(logged('an executor is gone')).toBe(0);
}, 60_000);

it('moves once when its executor stands still and another is there', async () => {
  await define(product, { id: 'paused', script: counter('paused') });
  for (let i = 0; i < 10; i++) await persist('paused', i);
  const second = await startSecondExecutor(product);
  try {
    // Give the second its share, then stop whoever has the run.
    await pause(3000);
    const before = (await runOf('paused'))!;
    const firstId = await idOf(product.pid('stream-executor'));
    const pid = before.owner === firstId ? product.pid('stream-executor') : second.pid;
    process.kill(pid, 'SIGSTOP');
    try {
      await pause(8000);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    for (let i = 10; i < 20; i++) await persist('paused', i);
    const after = (await runOf('paused'))!;
    expect(after).toMatchObject({ status: 'running', error: '' });
    expect(after.epoch - before.epoch).toBe(1n);
    await persist('paused', 7200);
    await until('the count', async () => posted('paused').length > 0);
    expect(posted('paused')).toEqual(['20']);
  } finally {
    await second.stop();
  }
}, 90_000);

/** The executor that a process registered: of two, the one that was there first. */
async function idOf(pid: number): Promise<string> {
  const rows = await db.$queryRaw<{ id: string }[]>`SELECT id::text FROM executor ORDER BY started LIMIT 1`;
  expect(pid).toBeGreaterThan(0);
  return rows[0]!.id;
}

it('keeps its state when the database is slow while it is claimed', async () => {
  for (const id of ['slow1', 'slow2', 'slow3']) {
    await define(product, { id, script: counter(id) });
    await persist(id);
  }
  // Until the states are saved.
  await pause(12_000);
  let free!: () => void;
  const locked = new Promise<void>((resolve) => (free = resolve));
  const locking = db.$transaction(
    async (tx) => {
      await tx.$executeRawUnsafe('LOCK TABLE snapshot_part, run IN ACCESS EXCLUSIVE MODE');
      product.kill('stream-executor');
      await locked;
    },
    { timeout: 30_000 },
  );
  await pause(7000);
  free();
  await locking;
  for (const id of ['slow1', 'slow2', 'slow3']) {
    await until(
      `${id} runs`,
      async () => (await runOf(id))?.owner !== null && (await runOf(id))?.status === 'running',
      30_000,
    );
    await persist(id, 1);
    await persist(id, 7200);
    await until('the count', async () => posted(id).length > 0);
    expect(posted(id)).toEqual(['2']);
  }
}, 120_000);

it('ends for a task whose message holds its executor, and the others go on from where they were', async () => {
  await define(product, { id: 'witness', script: counter('witness') });
  await persist('witness');
  // A pattern that matches every character of a long string, sixty times over: most of a minute within one point.
  let text = '"s"';
  for (let i = 0; i < 60; i++) text = `regexReplace(/x/, ${text}, 'x')`;
  const script = `stream|from().measurement('hog')|eval(lambda: strLength(${text})).as('n')|httpOut('o')`;
  await define(product, { id: 'hog', script });
  const pid = product.pid('stream-executor');
  await write(product, `hog s="${'x'.repeat(1_000_000)}" ${START}`, { precision: 's' });
  await persist('hog', 1);
  const failed = await until(
    'the task is stopped',
    async () => {
      const run = await runOf('hog');
      return run?.status === 'failed' && run;
    },
    40_000,
  );
  expect(failed.error).toBe('one message held the executor for more than 10 s');
  await until('the witness runs again', async () => (await runOf('witness'))?.owner !== null, 30_000);
  await persist('witness', 1);
  await persist('witness', 7200);
  await until('the count', async () => posted('witness').length > 0, 30_000);
  expect(posted('witness')).toEqual(['2']);
  expect(product.pid('stream-executor')).not.toBe(pid);
  const task = (await request(product, 'GET', '/kapacitor/v1/tasks/hog')).json<{ error: string; executing: boolean }>();
  expect(task).toMatchObject({ executing: false, error: 'one message held the executor for more than 10 s' });
  // Nobody but who enables it anew tries it again.
  await pause(2000);
  expect(await runOf('hog')).toMatchObject({ status: 'failed' });
}, 120_000);
