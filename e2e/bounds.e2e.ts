import { afterAll, beforeAll, expect, it } from 'vitest';
import { define, startProduct, startReceiver, until, write, type Product, type Receiver } from './harness';

// What one task holds or does is bounded, and no other task notices.

let product: Product;
let receiver: Receiver;

beforeAll(async () => {
  [product, receiver] = await Promise.all([
    startProduct({ env: { SUPERCAP_LIMIT_TASK_MEMORY: '4mb' } }),
    startReceiver(),
  ]);
});

afterAll(async () => {
  await product?.stop();
  await receiver?.close();
});

const START = 1_500_000_000;

const taskOf = (id: string) =>
  fetch(`${product.url}/kapacitor/v1/tasks/${id}`).then(
    (response) => response.json() as Promise<{ executing: boolean; error: string }>,
  );

it('stops a task whose window never closes, and no other', async () => {
  await define(product, {
    id: 'hoards',
    script: `stream|from().measurement('m').groupBy('h')|window().period(100000h).every(100000h)|count('v')`,
  });
  await define(product, {
    id: 'witness',
    script: `stream|from().measurement('m').where(lambda: "h" == 'h0')|httpPost('${receiver.url}/witness')`,
  });
  const bodies = 30;
  for (let body = 0; body < bodies; body++) {
    const lines = Array.from(
      { length: 20_000 },
      (_, i) => `m,h=h${i === 0 ? 0 : 1 + (i % 2)} v=${i}.5 ${START + body * 20_000 + i}`,
    );
    await write(product, lines.join('\n'), { precision: 's' });
  }
  await until('the task has stopped', async () => (await taskOf('hoards')).error !== '', 20_000);
  const { error, executing } = await taskOf('hoards');
  expect(executing).toBe(false);
  expect(error).toMatch(/^window2: state of the task exceeds 4 MB: window2 holds [\d.]+ MB in 3 groups$/);
  await until(
    'the witness has got every point',
    async () => receiver.received.filter(({ path }) => path === '/witness').length >= bodies,
    20_000,
  );
  expect(await taskOf('witness')).toMatchObject({ executing: true, error: '' });
}, 60_000);
