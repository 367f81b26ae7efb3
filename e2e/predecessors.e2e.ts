import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventStore, openDatabase } from '@supercap/storage';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { define, request, startProduct, startReceiver, until, write, type Product, type Receiver } from './harness';

// What an event and a handler were when they were made, whatever happens to their processes and tasks afterwards.

interface Posted {
  readonly level: string;
  readonly previousLevel: string;
}

let product: Product;
let receiver: Receiver;

beforeAll(async () => {
  [product, receiver] = await Promise.all([startProduct(), startReceiver()]);
});

afterAll(async () => {
  await product?.stop();
  await receiver?.close();
});

const script = (name: string, url: string) => `
  stream|from().measurement('${name}').groupBy('h')
    |alert().id('{{ index .Tags "h" }}').crit(lambda: "v" > 10).stateChangesOnly().post('${url}')`;

/** A receiver that takes what is posted and says nothing until it is told to. */
async function silent() {
  const bodies: Posted[] = [];
  const open: ServerResponse[] = [];
  let answers = false;
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      bodies.push(JSON.parse(Buffer.concat(chunks).toString()) as Posted);
      if (answers) response.end();
      else open.push(response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    bodies,
    answer() {
      answers = true;
      for (const response of open) response.destroy();
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

it('makes an event again with the level that was before it', async () => {
  const away = await silent();
  try {
    await define(product, { id: 'again', script: script('again', away.url) });
    await write(product, 'again,h=a v=11i 1500000001', { precision: 's' });
    await until('the first post', async () => away.bodies.length === 1);
    product.kill('stream-executor');
    away.answer();
    await until('the second post', async () => away.bodies.length > 1);
    expect(away.bodies).toMatchObject([
      { level: 'CRITICAL', previousLevel: 'OK' },
      { level: 'CRITICAL', previousLevel: 'OK' },
    ]);
  } finally {
    away.close();
  }
}, 60_000);

it('tells what topics knew at a place of the log', async () => {
  const db = openDatabase(product.databaseUrl());
  try {
    const store = new EventStore(db);
    const event = (place: string, id: string, previousLevel: number, previousTime: bigint) => ({
      eventId: `placed/3/${place}/alert2/0`,
      topic: 'placed',
      id,
      level: 3,
      message: 'm',
      details: '',
      time: 50n,
      duration: 0n,
      taskId: 'placed',
      previousLevel,
      previousTime,
    });
    const events = [event('9-7', 'a', 0, 0n), event('10-1', 'a', 3, 10n), event('10-2', 'b', 2, 20n)];
    expect((await store.collect(events, undefined)).fresh.size).toBe(3);
    const again = await store.collect([event('10-2', 'b', 0, 0n)], undefined);
    expect([again.fresh.size, ...again.previousLevels.values()]).toEqual([0, 2]);
    const at = async (offset: string, generation = 3) =>
      (await store.statesAt('placed', generation, offset)).map(({ id, level, time }) => [id, level, time]);
    expect(await at('9-6')).toEqual([
      ['a', 0, 0n],
      ['b', 2, 20n],
    ]);
    expect(await at('9-7')).toEqual([
      ['a', 3, 10n],
      ['b', 2, 20n],
    ]);
    expect(await at('10-1')).toEqual([['b', 2, 20n]]);
    expect(await at('10-2')).toEqual([]);
    expect(await at('9-6', 4)).toEqual([]);
  } finally {
    await db.$disconnect();
  }
}, 30_000);

it('lets a task with the right address not wait for what it could not deliver to the wrong one', async () => {
  await define(product, { id: 'moved', script: script('moved', 'http://127.0.0.1:1/') });
  await write(product, 'moved,h=a v=11i 1500000001\nmoved,h=b v=11i 1500000002', { precision: 's' });
  const topics = async () => {
    const { text } = await request(product, 'GET', '/kapacitor/v1/alerts/topics/main:moved:alert2/events');
    return text;
  };
  await until('the events', async () => (await topics()).includes('"id": "b"'));
  expect((await request(product, 'DELETE', '/kapacitor/v1/tasks/moved')).status).toBe(204);
  await define(product, { id: 'moved', script: script('moved', `${receiver.url}/moved`) });
  await write(product, 'moved,h=c v=11i 1500000003', { precision: 's' });
  await until('the post', async () => receiver.received.some(({ path }) => path === '/moved'));
}, 40_000);

it('delivers what a process left to those who answer, beside those who do not', async () => {
  receiver.answerWith(503);
  await define(product, { id: 'dead', script: script('dead', 'http://127.0.0.1:1/') });
  await define(product, { id: 'alive', script: script('alive', `${receiver.url}/alive`) });
  await write(product, 'dead,h=a v=11i 1500000001\ndead,h=b v=11i 1500000001', { precision: 's' });
  await write(product, 'alive,h=a v=11i 1500000001\nalive,h=b v=11i 1500000001', { precision: 's' });
  const posts = () => receiver.received.filter(({ path }) => path === '/alive').length;
  await until('the first try', async () => posts() > 0);
  // By then the places of the runs are behind the points: nothing is made again from the log.
  await new Promise((resolve) => setTimeout(resolve, 13_000));
  product.kill('stream-executor');
  const before = posts();
  receiver.answerWith(200);
  await until('both events', async () => posts() >= before + 2);
}, 90_000);

it('shows the topic of a task as soon as it runs', async () => {
  await define(product, { id: 'early', script: script('early', receiver.url) });
  await until('the topic', async () => {
    const { status } = await request(product, 'GET', '/kapacitor/v1/alerts/topics/main:early:alert2');
    return status === 200;
  });
  const { text } = await request(product, 'GET', '/kapacitor/v1/alerts/topics/main:early:alert2/events');
  expect(JSON.parse(text)).toMatchObject({ topic: 'main:early:alert2', events: [] });
}, 20_000);
