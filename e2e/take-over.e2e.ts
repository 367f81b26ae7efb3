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

// What an executor leaves when it dies is taken over by another while thousands of points a second go on coming.

const TASKS = 300;
const POINTS_PER_WRITE = 500;
const WRITE_EVERY_MS = 200;
const START = 1_500_000_000;

let product: Product;
let receiver: Receiver;

beforeAll(async () => {
  [product, receiver] = await Promise.all([startProduct(), startReceiver()]);
});

afterAll(async () => {
  await product?.stop();
  await receiver?.close();
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Seconds by which the last task is behind, as the metrics say it. */
async function lag(): Promise<number> {
  const { text } = await request(product, 'GET', '/metrics');
  return Number(/^supercap_write_log_lag_seconds\S* (\S+)$/m.exec(text)?.[1]);
}

/** Counts every point, and tells of the count at the one that is marked as the last. */
const counter = (id: string) => `
  stream|from().measurement('load')|eval(lambda: count()).as('n').keep('n', 'last')
    |alert().id('${id}').details('').message('{{ index .Fields "n" }}').crit(lambda: "last" == 1).stateChangesOnly()
      .post('${receiver.url}/${id}')`;

it('takes over hundreds of tasks under load: every write is taken, and every point counted once', async () => {
  const ids = Array.from({ length: TASKS }, (_, i) => `t${i}`);
  const second = await startSecondExecutor(product);
  try {
    for (let i = 0; i < TASKS; i += 20) {
      await Promise.all(ids.slice(i, i + 20).map((id) => define(product, { id, script: counter(id) })));
    }
    // Until each of the two has its share.
    await pause(3000);
    let written = 0;
    const writeFor = async (ms: number) => {
      for (const end = Date.now() + ms; Date.now() < end; await pause(WRITE_EVERY_MS)) {
        const lines = Array.from({ length: POINTS_PER_WRITE }, (_, i) => `load v=${i},last=0i ${START + written + i}`);
        // Rejects if it is refused.
        await write(product, lines.join('\n'), { precision: 's' });
        written += POINTS_PER_WRITE;
      }
    };
    await writeFor(4000);
    second.kill('SIGKILL');
    await writeFor(9000);
    await write(product, `load v=0,last=1i ${START + written}`, { precision: 's' });
    await until('all counts', async () => new Set(receiver.received.map(({ path }) => path)).size === TASKS, 30_000);
    const counts = receiver.received.map(({ body }) => (JSON.parse(body) as { message: string }).message);
    expect(new Set(counts)).toEqual(new Set([String(written + 1)]));
    expect(await lag()).toBe(0);
  } finally {
    await second.stop();
  }
}, 120_000);
