import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  define,
  request,
  startProduct,
  startReceiver,
  until,
  write,
  type ProcessName,
  type Product,
  type Receiver,
} from './harness';

// An hour's window is open, 5,000 points are acknowledged, and in the middle of them a process is killed.

const POINTS = 5000;
const PER_WRITE = 20;
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

const script = (measurement: string, url: string) => `
var hours = stream
    |from()
        .measurement('${measurement}')
    |window()
        .period(1h)
        .every(1h)

hours
    |count('n')
    |alert()
        .id('all')
        .message('{{ index .Fields "count" }}')
        .details('')
        .crit(lambda: TRUE)
        .post('${url}/${measurement}')

hours
    |distinct('n')
    |count('distinct')
    |alert()
        .id('distinct')
        .message('{{ index .Fields "count" }}')
        .details('')
        .crit(lambda: TRUE)
        .post('${url}/${measurement}')
`;

interface Posted {
  readonly id: string;
  readonly message: string;
}

/** Writes until it is acknowledged, as a client does. Returns how often it had to be written again. */
async function persist(lines: string): Promise<number> {
  for (let again = 0; ; again++) {
    try {
      await write(product, lines, { precision: 's' });
      return again;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Writes all points, kills the process in the middle, closes the hour, and gives what the alerts counted. */
async function countsAfterKilling(
  name: ProcessName,
): Promise<{ all: number; distinct: number; events: number; resent: number }> {
  const measurement = `m_${name.replace('-', '_')}`;
  await define(product, { id: measurement, script: script(measurement, receiver.url) });
  const writes = Array.from({ length: POINTS / PER_WRITE }, (_, i) =>
    Array.from(
      { length: PER_WRITE },
      (_, j) => `${measurement} n=${i * PER_WRITE + j}i ${START + Math.floor((i * 3000) / (POINTS / PER_WRITE))}`,
    ).join('\n'),
  );
  let next = 0;
  let resent = 0;
  let killed = false;
  // Several writers, so that the kill falls into a full load.
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      while (next < writes.length) {
        const i = next++;
        if (i >= writes.length / 2 && !killed) {
          killed = true;
          product.kill(name, 'SIGKILL');
        }
        const again = await persist(writes[i]!);
        resent += again;
      }
    }),
  );
  await persist(`${measurement} n=0i ${START + 7200}`);
  const posted = () =>
    receiver.received
      .filter(({ path }) => path === `/${measurement}`)
      .map(({ body, headers }) => ({
        key: headers['idempotency-key'],
        ...(JSON.parse(body) as Posted),
      }));
  await until('both alerts', async () => posted().length >= 2, 40_000);
  // What should not come would come soon after.
  await new Promise((resolve) => setTimeout(resolve, 500));
  const count = (id: string) => Number(posted().find((post) => post.id === id)?.message);
  const events = new Set(posted().map(({ key }) => key)).size;
  await request(product, 'DELETE', `/kapacitor/v1/tasks/${measurement}`);
  return { all: count('all'), distinct: count('distinct'), events, resent };
}

describe('acknowledged points', () => {
  for (const name of ['stream-executor', 'task-registry', 'tickscript-compiler', 'recorder'] as const) {
    it(`are all in the open window, and its events exist once, after ${name} is killed`, async () => {
      expect(await countsAfterKilling(name)).toEqual({ all: POINTS, distinct: POINTS, events: 2, resent: 0 });
    }, 90_000);
  }

  for (const name of ['api-gateway', 'redis', 'postgres'] as const) {
    it(`are all in the open window, and its events exist once, after ${name} is killed`, async () => {
      const { all, distinct, events, resent } = await countsAfterKilling(name);
      expect({ distinct, events }).toEqual({ distinct: POINTS, events: 2 });
      // A write whose answer was lost is written again, and may be there twice.
      expect(all).toBeGreaterThanOrEqual(POINTS);
      expect(all).toBeLessThanOrEqual(POINTS + resent * PER_WRITE);
    }, 120_000);
  }

  it('find every service where it was after the databases were killed again and again', async () => {
    await define(product, { id: 'steady', script: script('steady', receiver.url) });
    const services = ['api-gateway', 'task-registry', 'tickscript-compiler', 'stream-executor', 'recorder'] as const;
    const pids = () => services.map((name) => product.pid(name));
    const before = pids();
    let going = true;
    const writing = (async () => {
      for (let n = 0; going; n++) await persist(`steady n=${n}i ${START + (n % 3000)}`);
    })();
    for (const name of ['postgres', 'redis', 'postgres', 'postgres', 'redis'] as const) {
      product.kill(name, 'SIGKILL');
      await new Promise((resolve) => setTimeout(resolve, 2500));
    }
    going = false;
    await writing;
    expect(pids()).toEqual(before);
    expect(product.logs.filter((line) => line.includes('MaxListenersExceededWarning'))).toEqual([]);
  }, 90_000);

  it('are all in the open window after the whole product was stopped and started again', async () => {
    await define(product, { id: 'whole', script: script('whole', receiver.url) });
    await persist(Array.from({ length: 100 }, (_, i) => `whole n=${i}i ${START}`).join('\n'));
    const before = Date.now();
    await product.halt();
    await product.restart();
    expect(Date.now() - before).toBeLessThan(20_000);
    await persist(Array.from({ length: 100 }, (_, i) => `whole n=${100 + i}i ${START + 1}`).join('\n'));
    await persist(`whole n=0i ${START + 7200}`);
    const messages = await until('the alerts', async () => {
      const posts = receiver.received
        .filter(({ path }) => path === '/whole')
        .map(({ body }) => (JSON.parse(body) as Posted).message);
      return posts.length >= 2 && posts;
    });
    expect(messages).toEqual(['200', '200']);
  }, 90_000);
});
