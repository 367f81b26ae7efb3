import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { define, request, startProduct, until, type Product } from './harness';

let product: Product;

beforeAll(async () => {
  product = await startProduct({
    env: { SUPERCAP_LIMIT_BODY: '1mb', SUPERCAP_LIMIT_INFLATED_BODY: '2mb', SUPERCAP_LIMIT_LOG: '3mb' },
  });
});

afterAll(() => product?.stop());

const post = (path: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  request(product, 'POST', path, { body, headers });

async function seen(task: string): Promise<[time: string, value: number] | undefined> {
  const { series } = (await request(product, 'GET', `/kapacitor/v1/tasks/${task}/o`)).json<{
    series: { values: [string, number][] }[] | null;
  }>();
  return series?.[0]?.values[0];
}

describe('a write', () => {
  it('is taken under each of its spellings, in every precision', async () => {
    await define(product, { id: 'p', script: `stream|from().measurement('p')|httpOut('o')` });
    const second = 1_500_000_000n;
    let value = 0;
    for (const path of ['/write', '/api/v1/write', '/kapacitor/v1/write']) {
      for (const [precision, units] of [
        ['n', 1_000_000_000n],
        ['u', 1_000_000n],
        ['ms', 1000n],
        ['s', 1n],
      ] as const) {
        value++;
        const answer = await post(
          `${path}?db=telegraf&rp=autogen&precision=${precision}`,
          `p v=${value}i ${second * units}`,
        );
        expect(answer.status, `${path} ${precision}`).toBe(204);
        await until(`value ${value}`, async () => (await seen('p'))?.[1] === value, 5000);
        expect((await seen('p'))![0]).toBe('2017-07-14T02:40:00Z');
      }
    }
  });

  it('may be compressed', async () => {
    await define(product, { id: 'z', script: `stream|from().measurement('z')|httpOut('o')` });
    const answer = await post('/write?db=telegraf&rp=autogen', gzipSync('z v=7i 1000000000'), {
      'content-encoding': 'gzip',
    });
    expect(answer.status).toBe(204);
    await until('the point', async () => (await seen('z'))?.[1] === 7, 5000);
  });

  it('is refused whole when one of its lines is bad', async () => {
    const answer = await post('/write?db=telegraf&rp=autogen', 'm v=1\nbad\nm v=2');
    expect([answer.status, answer.text]).toEqual([400, "unable to parse 'bad': missing fields\n"]);
  });

  it('over the limit of its size is refused, compressed or not', async () => {
    const line = 'm,host=a v=1 1000000000\n';
    expect((await post('/write?db=d', line.repeat(60_000))).status).toBe(413);
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, 32));
    const before = Date.now();
    expect((await post('/write?db=d', bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
    expect(Date.now() - before).toBeLessThan(5000);
    expect((await post('/write?db=d', 'm v=1')).status).toBe(204);
  });

  it('is refused with 503 and the time to come back while the log is full, and taken again once it is not', async () => {
    // A task that waits on an address that never answers holds the log.
    await define(product, {
      id: 'holds',
      script: `stream|from().measurement('big')|httpPost('http://127.0.0.1:9/never').timeout(1s)`,
    });
    const body = Array.from(
      { length: 5000 },
      (_, i) => `big,host=h${i} v=${i}.5,w=${i}.25 ${1_500_000_000_000_000_000n + BigInt(i)}`,
    ).join('\n');
    const refused = await until(
      'a refusal',
      async () => {
        const answer = await post('/write?db=telegraf&rp=autogen', body);
        return answer.status === 503 && answer;
      },
      30_000,
    );
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.text).toMatch(/^the write log is full/);
    await request(product, 'DELETE', '/kapacitor/v1/tasks/holds');
    await until('room', async () => (await post('/write?db=telegraf&rp=autogen', 'm v=1')).status === 204, 30_000);
  }, 90_000);
});
