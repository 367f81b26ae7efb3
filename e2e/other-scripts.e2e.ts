import { afterAll, beforeAll, expect, it } from 'vitest';
import { define, request, startProduct, startReceiver, until, write, type Product, type Receiver } from './harness';

// Names in scripts other than Latin, wherever a task, an alert or an address carries them.

let product: Product;
let receiver: Receiver;

beforeAll(async () => {
  [product, receiver] = await Promise.all([startProduct(), startReceiver()]);
});

afterAll(async () => {
  await product?.stop();
  await receiver?.close();
});

const IDS = ['任务', 'tâche', 'Ωmega-1', 'ж', 'משימה', 'タスク.2', '𝒳', 'plain'];

/** Requests to a path, each with what a header says; values come as bytes of UTF-8. */
const received = (path: string, header: string) =>
  receiver.received
    .filter((request) => decodeURI(request.path) === path)
    .map(({ headers }) => Buffer.from(String(headers[header]), 'latin1').toString());

const sorted = (list: readonly string[]) => [...list].sort();

it('delivers the alerts of every task, whatever script its id is in', async () => {
  for (const id of IDS) {
    const script = `
      stream|from().measurement('m')
        |alert().details('').topic('topic-${id}').crit(lambda: "v" > 10)
          .post('${receiver.url}/script').header('X-Task', '${id}')
          .post('${receiver.url}/address/${id}')
          .post().endpoint('nowhere')
        |httpPost('${receiver.url}/node').header('X-Task', '${id}')`;
    const options = { url: `${receiver.url}/topic`, headers: { 'X-Task': id } };
    const topic = encodeURIComponent(`topic-${id}`);
    const answer = await request(product, 'POST', `/kapacitor/v1/alerts/topics/${topic}/handlers`, {
      json: { id: `to-${id}`, kind: 'post', options },
    });
    expect(answer.status).toBe(200);
    await define(product, { id, script });
  }
  await write(product, 'm v=11i 1500000001', { precision: 's' });
  for (const path of ['/script', '/node', '/topic']) {
    await until(`all to post to ${path}`, async () => received(path, 'x-task').length >= IDS.length);
    expect(sorted(received(path, 'x-task')), path).toEqual(sorted(IDS));
  }
  for (const id of IDS) {
    await until(`${id} to post to its address`, async () => received(`/address/${id}`, 'idempotency-key').length === 1);
  }
  const keys = receiver.received.map(({ headers }) => headers['idempotency-key']).filter((key) => key !== undefined);
  expect(new Set(keys).size).toBe(IDS.length);
}, 60_000);

it('says at definition which headers no request can have', async () => {
  const refused = (id: string, chain: string) => define(product, { id, script: `stream|from()${chain}` });
  await expect(refused('a', `|httpPost('http://h/').header('Größe', 'x')`)).rejects.toThrow('invalid header name');
  await expect(refused('b', `|alert().post('http://h/').header('X Y', 'x')`)).rejects.toThrow('invalid header name');
});
