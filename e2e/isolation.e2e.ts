import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  define,
  enable,
  startProduct,
  startReceiver,
  taskStats,
  until,
  write,
  type Product,
  type Receiver,
} from './harness';

// What one task does is no other task's business.

let product: Product;
let receiver: Receiver;
/** Takes connections and never answers. */
const dead = createServer(() => undefined);
let deadUrl: string;

beforeAll(async () => {
  dead.listen(0, '127.0.0.1');
  await once(dead, 'listening');
  deadUrl = `http://127.0.0.1:${(dead.address() as AddressInfo).port}`;
  [product, receiver] = await Promise.all([startProduct(), startReceiver()]);
});

afterAll(async () => {
  await product?.stop();
  await receiver?.close();
  dead.close();
});

const START = 1_500_000_000;
const points = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => `m,h=h${i % 10} v=${from + i}i ${START + from + i}`).join('\n');

it('keeps delivering a task while others wait on a dead address, flood their error log, or fail', async () => {
  await define(product, { id: 'waits', script: `stream|from().measurement('m')|httpPost('${deadUrl}/x')` });
  await define(product, {
    id: 'alerts-to-the-dead',
    script: `stream|from().measurement('m')|alert().crit(lambda: TRUE).post('${deadUrl}/x')`,
  });
  await define(product, { id: 'floods', script: `stream|from().measurement('m')|eval(lambda: "nope" + 1).as('x')` });
  await define(product, {
    id: 'fails',
    script: `stream|from().measurement('m')|alert().id('{{ .Nope }}').crit(lambda: TRUE).topic('t')`,
  });
  await define(product, {
    id: 'healthy',
    script: `stream|from().measurement('m')|alert().id('h').message('{{ index .Fields "v" }}').details('').crit(lambda: "v" % 100 == 0).post('${receiver.url}/ok')`,
  });

  const messages = () =>
    receiver.received
      .map(({ body }) => JSON.parse(body) as { level: string; message: string })
      .filter(({ level }) => level === 'CRITICAL')
      .map(({ message }) => Number(message));
  const began = Date.now();
  for (let from = 0; from < 20_000; from += 1000) await write(product, points(from, 1000), { precision: 's' });
  await until('every alert of the healthy task', async () => messages().length >= 200, 20_000);
  expect(Date.now() - began).toBeLessThan(15_000);
  expect(messages()).toEqual(Array.from({ length: 200 }, (_, i) => i * 100));

  // The counters of the flood are exact, its lines are few.
  const { eval2 } = await taskStats(product, 'floods');
  expect(eval2).toMatchObject({ errors: 20_000, emitted: 0 });
  expect(product.logs.filter((line) => line.includes('"task":"floods"')).length).toBeLessThan(500);

  const failed = await fetch(`${product.url}/kapacitor/v1/tasks/fails`).then(
    (response) => response.json() as Promise<{ executing: boolean; error: string }>,
  );
  expect(failed).toMatchObject({ executing: false });
  expect(failed.error).toMatch(/^alert2: template: id:1:/);
}, 60_000);

it('lets a task that fell behind catch up with every point, in order, once it can', async () => {
  // Answers come late, not never: the task reads alone meanwhile.
  await define(product, {
    id: 'slow',
    script: `stream|from().measurement('late')|httpPost('${receiver.url}/slow')`,
  });
  for (let from = 0; from < 5000; from += 500)
    await write(product, points(from, 500).replaceAll('m,', 'late,'), { precision: 's' });
  const values = () =>
    receiver.received
      .filter(({ path }) => path === '/slow')
      .map(({ body }) => (JSON.parse(body) as { series: { values: [string, number][] }[] }).series[0]!.values[0]![1]);
  await until('all posts', async () => values().length >= 5000, 60_000);
  expect(values()).toEqual(Array.from({ length: 5000 }, (_, i) => i));
  await enable(product, 'slow', 'disabled');
}, 90_000);
