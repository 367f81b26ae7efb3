import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  request,
  startProduct,
  until,
  type Answer,
  type ProcessName,
  type Product,
  type RequestOptions,
} from './harness';

// What nobody should send gets an answer soon, costs little, and disturbs nothing: a task that runs all the while still
// hears of every point afterwards, in the same processes.

const MEGABYTE = 1024 * 1024;
const services: readonly ProcessName[] = ['api-gateway', 'task-registry', 'tickscript-compiler', 'stream-executor'];
const DBRPS = encodeURIComponent('[{"db":"telegraf","rp":"autogen"}]');

let product: Product;
let pids: readonly number[];
let written = 0;

const definePath = (name: string) => `/task?name=${encodeURIComponent(name)}&type=stream&dbrps=${DBRPS}`;
const post = (path: string, body?: string | Uint8Array, options: RequestOptions = {}) =>
  request(product, 'POST', path, { ...options, ...(body !== undefined && { body }) });
const defined = (name: string, script: string | Uint8Array) => post(definePath(name), script);
const show = (name: string) => request(product, 'GET', `/task?name=${encodeURIComponent(name)}`);
const errorOf = (answer: Answer) => answer.json<{ Error?: string; error?: string }>();

function residentBytes(name: ProcessName): number {
  const status = readFileSync(`/proc/${product.pid(name)}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
}

/** Sends bytes as they are, hangs up on its own side, and gives what comes back. */
async function exchange(bytes: string | Uint8Array): Promise<string> {
  const { hostname, port } = new URL(product.url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString()));
  socket.on('error', () => undefined);
  socket.end(bytes);
  await Promise.race([once(socket, 'close'), once(socket, 'end'), sleep(10_000)]);
  socket.destroy();
  return answer;
}

beforeAll(async () => {
  product = await startProduct();
  expect(await defined('witness', "stream.from().measurement('seen').httpOut('last')")).toMatchObject({ status: 200 });
  expect(await post('/enable?name=witness')).toMatchObject({ status: 200 });
  pids = services.map((name) => product.pid(name));
});

afterEach(async () => {
  written++;
  expect(await post('/write?db=telegraf&rp=autogen', `seen n=${written}i ${written}`)).toMatchObject({ status: 204 });
  await until('the point in the output', async () => {
    const { text } = await request(product, 'GET', '/task/witness/last', { timeoutMs: 5000 });
    return text.includes(`,${written}]`);
  });
  expect(services.map((name) => product.pid(name))).toEqual(pids);
});

afterAll(() => product?.stop());

describe('a script', () => {
  it('of a megabyte of text is kept and shown', async () => {
    const script = `stream // ${'x'.repeat(MEGABYTE - 10)}`;
    expect(await defined('long', script)).toMatchObject({ status: 200, text: '' });
    expect((await show('long')).json<{ TICKscript: string }>().TICKscript).toBe(script);
  });

  it('of a megabyte of nodes is refused', async () => {
    const answer = await defined('nodes', `stream|from()\n${'|where(lambda: "v" > 1)\n'.repeat(43_000)}`);
    expect(answer.status).toBe(500);
    expect(errorOf(answer).Error).toBe('invalid task: the script has more than 1000 nodes');
  });

  it('of as many nodes as may be runs', async () => {
    const script = `stream|from().measurement('deep')${'|where(lambda: "v" > 1)'.repeat(990)}|httpOut('x')`;
    expect(await defined('deep', script)).toMatchObject({ status: 200 });
    expect(await post('/enable?name=deep')).toMatchObject({ status: 200 });
    expect(await post('/write?db=telegraf&rp=autogen', 'deep v=2 1')).toMatchObject({ status: 204 });
    await until('the point at the end', async () =>
      (await request(product, 'GET', '/task/deep/x')).text.includes('2]'),
    );
    expect(await request(product, 'DELETE', '/task?name=deep')).toMatchObject({ status: 200 });
  });

  it('of more than a megabyte is refused, and the sender of much more sees it, too', async () => {
    for (const length of [MEGABYTE + 1, 16 * MEGABYTE]) {
      const answer = await defined('longer', `stream //${'x'.repeat(length - 9)}`);
      expect(answer.status).toBe(413);
      expect(errorOf(answer).Error).toMatch(/ is larger than the limit of \d+( bytes)?$/);
    }
    expect(await show('longer')).toMatchObject({ status: 404 });
  });

  it.each([
    ['parentheses', `${'('.repeat(10_000)}TRUE${')'.repeat(10_000)}`],
    ['parentheses that nothing closes', '('.repeat(10_000)],
    ['calls', `${'abs('.repeat(10_000)}1${')'.repeat(10_000)} > 0`],
    ['negations', `${'!'.repeat(10_000)}TRUE`],
  ])('of 10,000 nested %s is refused', async (_, expression) => {
    const answer = await defined('nested', `stream.from().where(lambda: ${expression})`);
    expect(answer.status).toBe(500);
    expect(errorOf(answer).Error).toMatch(/^invalid task: parser: expression nests deeper than \d+ levels/);
    expect(await show('nested')).toMatchObject({ status: 404 });
  });

  it('that is not UTF-8, or holds a NUL character, is refused', async () => {
    expect(await defined('bytes', Uint8Array.of(0x73, 0xff, 0xfe))).toMatchObject({ status: 400 });
    expect(await defined('nul', 'stream // \0')).toMatchObject({ status: 400 });
    expect(await show('bytes')).toMatchObject({ status: 404 });
    expect(await show('nul')).toMatchObject({ status: 404 });
  });
});

describe('a name', () => {
  const long = 'n'.repeat(4096);

  it('of 4 kB is no name of a task', async () => {
    expect(await defined(long, 'stream')).toMatchObject({ status: 400 });
    const json = { id: long, type: 'stream', dbrps: [{ db: 'd', rp: 'r' }], script: 'stream' };
    expect(await post('/kapacitor/v1/tasks', undefined, { json })).toMatchObject({ status: 400 });
    expect(await show(long)).toMatchObject({ status: 404 });
    expect(await post(`/enable?name=${long}`)).toMatchObject({ status: 500 });
    expect(await request(product, 'DELETE', `/task?name=${long}`)).toMatchObject({ status: 200 });
    expect((await request(product, 'GET', `/task/${long}/x`)).status).toBeOneOf([400, 404]);
  });

  it('of 1 kB is one', async () => {
    expect(await defined(long.slice(0, 1024), 'stream')).toMatchObject({ status: 200 });
    expect(await show(long.slice(0, 1024))).toMatchObject({ status: 200 });
  });

  it('with a NUL character is refused everywhere', async () => {
    const answers = await Promise.all([
      defined('a\0b', 'stream'),
      show('a\0b'),
      post('/enable?name=a%00b'),
      post('/record?type=stream&duration=1s&name=a%00b'),
      post('/replay?name=a%00b&id=x'),
      request(product, 'GET', '/tasks?tasks=a%00b'),
      request(product, 'GET', '/task/a%00b/x'),
      request(product, 'GET', '/kapacitor/v1/tasks/a%00b'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 400));
  });

  it('that is not UTF-8 is a name like any other', async () => {
    expect(await post(`/task?name=%ff%fe&type=stream&dbrps=${DBRPS}`, 'stream')).toMatchObject({ status: 200 });
    expect(await request(product, 'GET', '/task?name=%ff%fe')).toMatchObject({ status: 200 });
  });

  it('may be very long only in requests that are answered all the same', async () => {
    expect(await show('n'.repeat(100_000))).toMatchObject({ status: 431 });
    const began = Date.now();
    expect(await request(product, 'GET', `/task/${'a/'.repeat(1900)}x`)).toMatchObject({ status: 404 });
    expect(Date.now() - began).toBeLessThan(5000);
  });
});

describe('a body', () => {
  const head = (path: string, length: number) =>
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`;

  it('that is cut off in the middle does nothing', async () => {
    expect(await exchange(`${head(definePath('cut'), 100)}stream`)).toMatch(/^HTTP\/1.1 400 /);
    expect(await exchange(`${head('/write?db=telegraf&rp=autogen', 100)}seen n=99i 99`)).toMatch(/^HTTP\/1.1 400 /);
    expect(await show('cut')).toMatchObject({ status: 404 });
    expect((await request(product, 'GET', '/task/witness/last')).text).not.toContain(',99]');
  });

  it('that is no HTTP gets 400', async () => {
    expect(await exchange('\0\x01\x02 nothing\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
    // A method that nobody knows is one that no path has.
    expect(await exchange('FOO /kapacitor/v1/ping HTTP/1.1\r\nHost: x\r\n\r\n')).toMatch(
      /^HTTP\/1.1 404 Not Found\r\n[^]*\{"error":"Not Found"\}$/,
    );
    expect(await exchange(head('/write?db=telegraf', -5))).toMatch(/^HTTP\/1.1 400 /);
    const chunked = 'POST /write?db=d HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nm v=1\r\n';
    expect(await exchange(chunked)).toMatch(/^HTTP\/1.1 400 /);
  });

  it('of a gzip bomb costs little memory and is refused', async () => {
    const bomb = gzipSync(Buffer.alloc(300 * MEGABYTE));
    const headers = { 'content-encoding': 'gzip' };
    const before = residentBytes('api-gateway');
    const paths = [definePath('bomb'), '/write?db=telegraf&rp=autogen'];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => post(paths[i % 2]!, bomb, { headers, timeoutMs: 60_000 })),
    );
    for (const { status } of answers) expect(status).toBeOneOf([413, 503]);
    expect(residentBytes('api-gateway') - before).toBeLessThan(800 * MEGABYTE);
  });

  it('that ends before its gzip does, or is none, is refused', async () => {
    const headers = { 'content-encoding': 'gzip' };
    const whole = gzipSync('seen n=98i 98');
    expect(await post('/write?db=telegraf&rp=autogen', whole.subarray(0, -6), { headers })).toMatchObject({
      status: 400,
    });
    expect(await post('/write?db=telegraf&rp=autogen', 'seen n=98i 98', { headers })).toMatchObject({
      status: 400,
      text: 'gzip: invalid header\n',
    });
  });

  it('of JSON that nests 10,000 deep is refused', async () => {
    const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
    const task = '"id":"vars","type":"stream","dbrps":[{"db":"d","rp":"r"}],"script":"stream|from()"';
    expect(await post('/kapacitor/v1/tasks', `{${task},"vars":${deep}}`)).toMatchObject({ status: 400 });
    const dbrps = encodeURIComponent('['.repeat(10_000));
    expect(await post(`/task?name=dbrps&type=stream&dbrps=${dbrps}`, 'stream')).toMatchObject({ status: 400 });
  });
});

describe('a thousand definitions of one task at once', () => {
  it('are all answered, and one of them is what is stored', async () => {
    const script = (i: number) => `stream.from().measurement('m${i}')`;
    const answers = await Promise.all(
      Array.from({ length: 1000 }, (_, i) => post(definePath('same'), script(i), { timeoutMs: 60_000 })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const scripts = Array.from({ length: 1000 }, (_, i) => script(i));
    expect(scripts).toContain((await show('same')).json<{ TICKscript: string }>().TICKscript);
  });

  it('make one task in the newer API', async () => {
    const json = { id: 'once', type: 'stream', dbrps: [{ db: 'd', rp: 'r' }], script: 'stream|from()' };
    const answers = await Promise.all(
      Array.from({ length: 1000 }, () => post('/kapacitor/v1/tasks', undefined, { json, timeoutMs: 60_000 })),
    );
    const created = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(created).toHaveLength(1);
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([400]));
    expect(errorOf(refused[0]!).error).toBe('task once already exists');
  });
});
