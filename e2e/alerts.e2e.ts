import { EventStore, isRefusedData, openDatabase, type Database } from '@supercap/storage';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { define, request, startProduct, startReceiver, until, write, type Product, type Receiver } from './harness';

// Events that a database would refuse: they go out all the same, and nobody else waits for them.

let product: Product;
let receiver: Receiver;

beforeAll(async () => {
  [product, receiver] = await Promise.all([startProduct(), startReceiver()]);
});

afterAll(async () => {
  await product?.stop();
  await receiver?.close();
});

interface Posted {
  readonly id: string;
  readonly message: string;
  readonly level: string;
  readonly duration: number;
}

const posted = (path: string) =>
  receiver.received.filter((request) => request.path === path).map(({ body }) => JSON.parse(body) as Posted);

const alert = (name: string, more = '') => `
  stream|from().measurement('${name}').groupBy('h')
    |alert().details('').crit(lambda: "v" > 10)${more}.post('${receiver.url}/${name}')`;

const cases: Record<string, { more?: string; lines: string; expected: readonly Partial<Posted>[] }> = {
  flapping: {
    more: '.flapping(0.3, 0.4).history(5)',
    // The first is suppressed: the outage begins with the second.
    lines: 'flapping v=11i 1500000001\nflapping v=11i 1500000002',
    expected: [{ level: 'CRITICAL', duration: 0 }],
  },
  long: {
    lines: 'long v=11i -8000000000\nlong v=11i 8000000000',
    expected: [{ duration: 0 }, { duration: Number(2n ** 63n - 1n) }],
  },
  nul: {
    more: `.message('{{ index .Fields "s" }}')`,
    lines: 'nul v=11i,s="a\0b" 1500000001',
    expected: [{ message: 'a\0b' }],
  },
  id: {
    lines: `id,h=${'x'.repeat(12_000)} v=11i 1500000001`,
    expected: [{ id: `id:h=${'x'.repeat(12_000)}` }],
  },
};

it('delivers events that a database would refuse, and those of others behind them', async () => {
  for (const [name, { more, lines, expected }] of Object.entries(cases)) {
    await define(product, { id: name, script: alert(name, more) });
    await define(product, { id: `${name}_behind`, script: alert(`${name}_behind`) });
    await write(product, lines, { precision: 's' });
    await write(product, `${name}_behind v=11i 1500000001`, { precision: 's' });
    await until(`what ${name} posts`, async () => posted(`/${name}`).length >= expected.length);
    expect(posted(`/${name}`), name).toMatchObject(expected);
    await until(`what comes behind ${name}`, async () => posted(`/${name}_behind`).length === 1);
  }
}, 60_000);

it('tells what the database refuses for what it is from what it may take later', async () => {
  const refusalOf = async (url: string, ask: (db: Database) => Promise<unknown>) => {
    const db = openDatabase(url);
    try {
      return await ask(db).then(
        () => 'taken',
        (error: unknown) => isRefusedData(error),
      );
    } finally {
      await db.$disconnect();
    }
  };
  const url = product.databaseUrl();
  expect(await refusalOf(url, (db) => db.$queryRaw`SELECT ${'a\0b'}::text`)).toBe(true);
  expect(await refusalOf(url, (db) => db.$queryRaw`SELECT ${'99999999999999999999'}::text::bigint`)).toBe(true);
  expect(await refusalOf(url, (db) => db.$queryRaw`SELECT ${'a'} FROM nowhere`)).toBe(false);
  const nobody = url.replace(/:\d+\//, ':1/');
  expect(await refusalOf(nobody, (db) => db.$queryRaw`SELECT 1`)).toBe(false);
}, 30_000);

it('notes how a delivery went whatever the receiver said', async () => {
  const db = openDatabase(product.databaseUrl());
  try {
    const store = new EventStore(db);
    await store.note('h', [{ eventId: 'e', outcome: 'failed', error: 'it said \0', attempts: 1 }]);
    expect(await store.dealtWith('h', ['e', 'f'])).toEqual(new Set(['e']));
  } finally {
    await db.$disconnect();
  }
});

it('gives what a task publishes to its own topic to the handlers of both the script and the API', async () => {
  await define(product, { id: 'both', script: alert('both') });
  const { status } = await request(product, 'POST', '/kapacitor/v1/alerts/topics/main:both:alert2/handlers', {
    json: { id: 'mine', kind: 'post', options: { url: `${receiver.url}/api` } },
  });
  expect(status).toBe(200);
  await until('the handler to be known', async () => {
    await write(product, `both v=11i ${Math.floor(Date.now() / 1000)}`, { precision: 's' });
    return posted('/api').length > 0;
  });
  expect(posted('/both').length).toBeGreaterThanOrEqual(posted('/api').length);
}, 30_000);

it('has the topic of a task while the task runs, with what it knew before', async () => {
  const topic = '/kapacitor/v1/alerts/topics/main:topical:alert2';
  const status = async (path: string) => (await request(product, 'GET', path)).status;
  await define(product, { id: 'topical', script: alert('topical') });
  expect((await request(product, 'GET', topic)).json()).toMatchObject({ level: 'OK', collected: 0 });
  expect((await request(product, 'GET', `${topic}/events`)).json()).toMatchObject({ events: [] });
  await write(product, 'topical,h=a v=11i 1500000001', { precision: 's' });
  await until('the event', async () => posted('/topical').length > 0);
  await request(product, 'PATCH', '/kapacitor/v1/tasks/topical', { json: { status: 'disabled' } });
  expect(await status(topic)).toBe(404);
  expect(await status(`${topic}/events/topical:h=a`)).toBe(404);
  await request(product, 'PATCH', '/kapacitor/v1/tasks/topical', { json: { status: 'enabled' } });
  expect((await request(product, 'GET', topic)).json()).toMatchObject({ level: 'CRITICAL', collected: 1 });
});

it('knows a deleted topic no more, but lists its handlers', async () => {
  const topic = '/kapacitor/v1/alerts/topics/deleted';
  const json = { id: 'h', kind: 'log', options: { path: `${product.dataDir}/deleted.log` } };
  expect((await request(product, 'POST', `${topic}/handlers`, { json })).status).toBe(200);
  await define(product, {
    id: 'deleting',
    script: `stream|from().measurement('deleting')|alert().id('one').details('').crit(lambda: TRUE).topic('deleted')`,
  });
  await write(product, 'deleting v=1 1500000001', { precision: 's' });
  const level = async () => (await request(product, 'GET', topic)).json<{ level: string }>().level;
  await until('the event', async () => (await level()) === 'CRITICAL');
  expect((await request(product, 'DELETE', topic)).status).toBe(204);
  expect((await request(product, 'GET', topic)).status).toBe(404);
  expect((await request(product, 'GET', `${topic}/events/one`)).status).toBe(404);
  expect((await request(product, 'GET', `${topic}/handlers`)).json()).toMatchObject({ handlers: [{ id: 'h' }] });
  await write(product, 'deleting v=1 1500000002', { precision: 's' });
  await until('the topic is back', async () => (await level()) === 'CRITICAL');
});

it('judges the same points the same, in one write or in several', async () => {
  const script = (name: string) => `
    stream|from().measurement('${name}').groupBy('h')
      |alert().id('fixed').details('').warn(lambda: "v" > 3).crit(lambda: "v" > 5).post('${receiver.url}/${name}')`;
  const lines = (name: string) => [
    `${name},h=c v=4i 1500000050`,
    `${name},h=d v=0i 1500000060`,
    `${name},h=c v=7i 1500000070`,
  ];
  await define(product, { id: 'together', script: script('together') });
  await define(product, { id: 'apart', script: script('apart') });
  await write(product, lines('together').join('\n'), { precision: 's' });
  for (const [i, line] of lines('apart').entries()) {
    await write(product, line, { precision: 's' });
    await until('its event', async () => posted('/apart').length > i);
  }
  await until('all events', async () => posted('/together').length === 3);
  expect(posted('/together')).toMatchObject([
    { level: 'WARNING', previousLevel: 'OK', duration: 0 },
    { level: 'OK', previousLevel: 'WARNING', duration: 10e9 },
    { level: 'CRITICAL', previousLevel: 'OK', duration: 20e9 },
  ]);
  const withoutData = (events: readonly Posted[]) => events.map((event) => ({ ...event, data: undefined }));
  expect(withoutData(posted('/apart'))).toEqual(withoutData(posted('/together')));
});
