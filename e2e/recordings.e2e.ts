import { readFileSync, readdirSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { define, enable, request, startProduct, until, write, type ProcessName, type Product } from './harness';

const LOG_BYTES = 16 * 1024 * 1024;

let product: Product;
/** Takes requests and never answers. */
let silent: Server;

beforeAll(async () => {
  silent = createServer(() => undefined).listen(0, '127.0.0.1');
  product = await startProduct({ env: { SUPERCAP_LIMIT_LOG: '16mb', SUPERCAP_LIMIT_WAITING: '1' } });
  await define(product, { id: 'all', script: `stream|from().measurement('m')`, status: 'disabled' });
});

afterAll(async () => {
  await product?.stop();
  silent?.closeAllConnections();
  silent?.close();
});

interface Recording {
  readonly id: string;
  readonly status: string;
  readonly error: string;
  readonly size: number;
}

async function record(id: string, seconds: number): Promise<void> {
  const stop = new Date(Date.now() + seconds * 1000).toISOString();
  const answer = await request(product, 'POST', '/kapacitor/v1/recordings/stream', { json: { id, task: 'all', stop } });
  expect(answer.status).toBe(201);
}

const recording = async (id: string) =>
  (await request(product, 'GET', `/kapacitor/v1/recordings/${id}`)).json<Recording>();

async function recorded(id: string, patience = 30_000): Promise<Recording> {
  await until(`the end of ${id}`, async () => (await recording(id)).status !== 'running', patience);
  return recording(id);
}

const pointsOf = (id: string) =>
  gunzipSync(readFileSync(join(product.dataDir, 'replay', `${id}.srpl`)))
    .toString()
    .split('\n')
    .filter((line) => line.startsWith('m '));

async function replay(id: string, of: string): Promise<{ status: string; error: string }> {
  await request(product, 'POST', '/kapacitor/v1/replays', { json: { id, task: 'all', recording: of } });
  const find = async () =>
    (await request(product, 'GET', `/kapacitor/v1/replays/${id}`)).json<{ status: string; error: string }>();
  await until(`the end of ${id}`, async () => (await find()).status !== 'running', 15_000);
  return find();
}

/** Writes so many megabytes; gives the answers that were not 204. */
async function flood(megabytes: number, name = 'm'): Promise<string[]> {
  const refused: string[] = [];
  const text = 'x'.repeat(1000);
  for (let i = 0; i < megabytes * 5; i++) {
    const body = Array.from({ length: 200 }, (_, j) => `${name} n=${i * 200 + j}i,s="${text}"`).join('\n');
    const answer = await request(product, 'POST', '/kapacitor/v1/write?db=telegraf&rp=autogen', { body });
    if (answer.status !== 204) refused.push(answer.text);
    await sleep(40);
  }
  return refused;
}

describe('a stream recording', () => {
  it('without points ends some seconds after its stop', async () => {
    await record('empty', 1);
    expect(await recorded('empty')).toMatchObject({ status: 'finished' });
    expect(pointsOf('empty')).toEqual([]);
  });

  it('that still runs is nothing to replay', async () => {
    await record('open', 60);
    expect(await replay('of-open', 'open')).toMatchObject({
      status: 'failed',
      error: 'running replay: data source open: EOF',
    });
    await request(product, 'DELETE', '/kapacitor/v1/recordings/open');
  });

  it('is whole though its recorder was killed in the middle', async () => {
    await record('killed', 6);
    for (let i = 0; i < 100; i++) {
      if (i === 50) product.kill('recorder');
      await write(product, `m n=${i}i ${1_000_000_000_000_000_000n + BigInt(i)}`);
      await sleep(30);
    }
    expect(await recorded('killed')).toMatchObject({ status: 'finished' });
    expect(pointsOf('killed').map((line) => Number(/n=(\d+)i/.exec(line)?.[1]))).toEqual(
      Array.from({ length: 100 }, (_, i) => i),
    );
  });

  it('that is too far behind fails and keeps what it has, and writes go on', async () => {
    await record('behind', 600);
    await write(product, 'm n=1i');
    await sleep(2500);
    product.kill('recorder', 'SIGSTOP');
    try {
      expect(await flood(20)).toEqual([]);
    } finally {
      product.kill('recorder', 'SIGCONT');
    }
    const ended = await recorded('behind');
    expect(ended).toMatchObject({ status: 'failed', error: 'the recording fell too far behind the writes' });
    expect(ended.size).toBeGreaterThan(0);
    expect(pointsOf('behind')[0]).toMatch(/n=1i/);
    expect(await replay('of-behind', 'behind')).toMatchObject({ status: 'finished' });
  });
});

describe('a full write log', () => {
  it('names the task that needs it', async () => {
    const { port } = silent.address() as AddressInfo;
    await define(product, {
      id: 'slow',
      script: `stream|from().measurement('s')|httpPost('http://127.0.0.1:${port}/').captureResponse()`,
    });
    const refused = await flood(22, 's');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.at(-1)).toMatch(
      new RegExp(`^the write log is full: it takes \\d+ of ${LOG_BYTES} bytes, which task slow still needs`),
    );
    const metrics = await request(product, 'GET', '/metrics');
    expect(metrics.text).toMatch(/^supercap_write_log_held\{.*holder="task slow".*\} 1$/m);
    await enable(product, 'slow', 'disabled');
  });
});

describe('the processes', () => {
  it('outlive a hangup', async () => {
    const names: ProcessName[] = ['api-gateway', 'task-registry', 'tickscript-compiler', 'stream-executor', 'recorder'];
    const before = names.map((name) => product.pid(name));
    for (const name of [...names, 'supervisor'] as const) product.kill(name, 'SIGHUP');
    await until(
      'all to say so',
      async () => product.logs.filter((line) => line.includes('SIGHUP is ignored')).length >= 6,
      10_000,
    );
    await sleep(500);
    expect(names.map((name) => product.pid(name))).toEqual(before);
    expect((await request(product, 'GET', '/kapacitor/v1/ping')).status).toBe(204);
  });

  it('leave the files of Redis to their owner alone', () => {
    const open = ['', ...(readdirSync(join(product.dataDir, 'redis'), { recursive: true }) as string[])].filter(
      (name) => (statSync(join(product.dataDir, 'redis', name)).mode & 0o077) !== 0,
    );
    expect(open).toEqual([]);
  });
});
