import type { Logger } from '@supercap/telemetry';
import { HttpError, unavailable } from '@supercap/transport';
import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type RequestOptions,
  type Server,
} from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Dispatcher } from './dispatcher';
import { compact, empty, indented, noContent, type Handler } from './exchange';
import { legacySurface, RouteTable, v1Surface, type Method, type Route } from './routes';

const LIMIT = 1000;
const LONG = 'x'.repeat(500);

const logged: string[] = [];
const log = {
  debug: () => undefined,
  error: (_: unknown, message: string) => void logged.push(message),
} as unknown as Logger;

const route = (method: Method, pattern: string, handler: Handler, more: Partial<Route> = {}): Route => ({
  surface: pattern.startsWith('/kapacitor/') ? v1Surface : legacySurface,
  method,
  pattern,
  handler,
  kind: 'test',
  ...more,
});

const fail = (error: Error) => () => Promise.reject(error);

const routes = new RouteTable([
  route('GET', '/ping', () => noContent),
  route('HEAD', '/ping', () => noContent),
  route('GET', '/task', ({ query }) => indented({ Name: query.get('name') })),
  route('GET', '/task/', ({ rest }) => compact({ rest })),
  route('POST', '/echo', async (exchange) => compact({ text: await exchange.text() })),
  route('POST', '/unread', () => empty),
  route('GET', '/long', () => ({ status: 200, body: LONG })),
  route('GET', '/plain', () => ({ status: 200, body: LONG, type: 'text/plain' }), { plain: true }),
  route('GET', '/missing', fail(new HttpError(404, 'unknown task <a>'))),
  route('GET', '/away', fail(unavailable('nobody there'))),
  route('GET', '/broken', fail(new TypeError('oops'))),
  route('GET', '/kapacitor/v1/ping', () => noContent),
  route('GET', '/kapacitor/v1/missing', fail(new HttpError(404, 'no task exists'))),
]);

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
}

let server: Server;
let port: number;
const answered: string[] = [];

beforeAll(async () => {
  const dispatcher = new Dispatcher(
    routes,
    {
      limits: { bytes: LIMIT, inflatedBytes: LIMIT },
      bodiesBytes: 2 * LIMIT,
      version: '9.9.9',
      maxPathBytes: 100,
      answered: (kind, status) => void answered.push(`${kind} ${status}`),
    },
    log,
  );
  server = createServer((request, response) => dispatcher.handle(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function ask(method: string, path: string, options: RequestOptions = {}, body?: string | Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, method, path, agent: false, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, text: bytes.toString() });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

describe('an answer', () => {
  it('names the versions, its type, and a new number for every request', async () => {
    const [one, two] = [await ask('GET', '/task?name=a'), await ask('GET', '/task?name=a')];
    expect(one).toMatchObject({ status: 200, text: '{\n    "Name": "a"\n}' });
    expect(one.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'content-length': '19',
      'x-kapacitor-version': '1.5.5',
      'x-supercap-version': '9.9.9',
    });
    expect(one.headers['request-id']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-1/);
    expect(two.headers['request-id']).not.toBe(one.headers['request-id']);
  });

  it('does not take the number that a client sends', async () => {
    const { headers } = await ask('GET', '/ping', { headers: { 'request-id': 'mine' } });
    expect(headers['request-id']).not.toBe('mine');
  });

  it('of 204 has no body and no length', async () => {
    for (const method of ['GET', 'HEAD']) {
      const { status, headers, text } = await ask(method, '/ping');
      expect({ status, text, length: headers['content-length'] }).toEqual({ status: 204, text: '', length: undefined });
    }
  });

  it('is compressed for those who ask, if there is one and the route allows it', async () => {
    const headers = { 'accept-encoding': 'deflate, gzip' };
    const long = await ask('GET', '/long', { headers });
    expect(long.headers).toMatchObject({ 'content-encoding': 'gzip', 'content-length': String(long.bytes.length) });
    expect(gunzipSync(long.bytes).toString()).toBe(LONG);
    for (const [path, asked] of [
      ['/ping', headers],
      ['/plain', headers],
      ['/long', {}],
    ] as const) {
      expect((await ask('GET', path, { headers: asked })).headers['content-encoding']).toBeUndefined();
    }
  });

  it('of the newer API names its encoding even without a body', async () => {
    const { headers } = await ask('GET', '/kapacitor/v1/ping', { headers: { 'accept-encoding': 'gzip' } });
    expect(headers['content-encoding']).toBe('gzip');
    expect((await ask('GET', '/kapacitor/v1/ping')).headers['content-encoding']).toBeUndefined();
  });

  it('is counted with the kind of its route', async () => {
    answered.length = 0;
    await ask('GET', '/missing');
    await ask('GET', '/nowhere');
    expect(answered).toEqual(['test 404', 'unknown 404']);
  });
});

describe('an error', () => {
  it('is an object whose key depends on the API', async () => {
    expect(await ask('GET', '/missing')).toMatchObject({
      status: 404,
      text: '{\n    "Error": "unknown task \\u003ca\\u003e"\n}',
    });
    expect(await ask('GET', '/kapacitor/v1/missing')).toMatchObject({
      status: 404,
      text: '{\n    "error": "no task exists"\n}',
    });
    expect(await ask('GET', '/kapacitor/v1preview/missing')).toMatchObject({
      text: '{\n    "error": "no task exists"\n}',
    });
  });

  it('for a path that nobody knows is Not Found, whatever the method', async () => {
    for (const [method, path, key] of [
      ['PUT', '/task', 'Error'],
      ['POST', '/task', 'Error'],
      ['GET', '/', 'error'],
      ['GET', '/nowhere', 'error'],
      ['GET', '/Task', 'error'],
    ] as const) {
      expect(await ask(method, path)).toMatchObject({ status: 404, text: `{\n    "${key}": "Not Found"\n}` });
    }
    expect(await ask('HEAD', '/task')).toMatchObject({ status: 404, text: '' });
    expect(await ask('GET', '/kapacitor/v1/nowhere')).toMatchObject({ text: '{\n    "error": "Not Found"\n}' });
  });

  it('that passes tells when to come again', async () => {
    expect(await ask('GET', '/away')).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
  });

  it('that nobody expected is logged and answered with 500', async () => {
    logged.length = 0;
    expect(await ask('GET', '/broken')).toMatchObject({ status: 500, text: '{\n    "Error": "oops"\n}' });
    expect(logged).toEqual(['request failed']);
  });
});

describe('another origin', () => {
  it('is allowed when it is named, with the methods of the API', async () => {
    const headers = { origin: 'http://ui.example' };
    const legacy = await ask('GET', '/task', { headers });
    expect(legacy.headers).toMatchObject({
      'access-control-allow-origin': 'http://ui.example',
      'access-control-allow-methods': 'DELETE, GET, OPTIONS, POST, PUT',
      'access-control-allow-headers':
        'Accept, Accept-Encoding, Authorization, Content-Length, Content-Type, X-CSRF-Token, X-HTTP-Method-Override',
    });
    const v1 = await ask('GET', '/kapacitor/v1/missing', { headers });
    expect(v1.headers['access-control-allow-methods']).toBe('DELETE, GET, OPTIONS, POST, PATCH');
    expect((await ask('GET', '/task')).headers['access-control-allow-origin']).toBeUndefined();
  });

  it('may ask before', async () => {
    const { status, text, headers } = await ask('OPTIONS', '/echo', { headers: { origin: 'http://ui.example' } });
    expect({ status, text }).toEqual({ status: 200, text: '' });
    expect(headers['access-control-allow-origin']).toBe('http://ui.example');
  });
});

describe('a path', () => {
  it('that is not clean is moved, query and all', async () => {
    expect(await ask('GET', '//task/../task?name=a%20b')).toMatchObject({
      status: 301,
      headers: { location: '/task?name=a%20b' },
    });
    expect((await ask('GET', '/task//x%3Fy/%C3%A9')).headers.location).toBe('/task/x%3Fy/%C3%A9');
    expect((await ask('GET', '//evil.example/x')).headers.location).toBe('/evil.example/x');
    const { headers } = await ask('GET', '/kapacitor/v1//ping', { headers: { origin: 'http://ui.example' } });
    expect([headers['request-id'], headers['access-control-allow-origin']]).toEqual([undefined, undefined]);
  });

  it('is decoded', async () => {
    expect((await ask('GET', '/task/a%20b%2Fc/%C3%A9')).text).toBe('{"rest":"a b/c/é"}');
  });

  it('may come with scheme and host, as from a client of a proxy', async () => {
    expect((await ask('GET', 'http://host:1/ping')).status).toBe(204);
    expect((await ask('GET', 'http://host?x=//')).status).toBe(404);
  });

  it('is refused when it is too long or holds a NUL character', async () => {
    expect(await ask('GET', `/task/${'x'.repeat(100)}`)).toMatchObject({ status: 400 });
    expect(await ask('GET', '/task/a%00b')).toMatchObject({ status: 400 });
  });
});

describe('a body', () => {
  const gzip = { headers: { 'content-encoding': 'gzip' } };

  it('is read as it is, or inflated', async () => {
    expect((await ask('POST', '/echo', {}, 'é')).text).toBe('{"text":"é"}');
    expect((await ask('POST', '/echo', gzip, gzipSync('é'))).text).toBe('{"text":"é"}');
    expect((await ask('POST', '/echo', {}, '\ufeffx')).text).toBe('{"text":"\ufeffx"}');
  });

  it('is refused when it is no UTF-8', async () => {
    expect(await ask('POST', '/echo', {}, Buffer.of(0xff))).toMatchObject({ status: 400 });
  });

  it('is refused when its gzip is none, or cut', async () => {
    expect((await ask('POST', '/echo', gzip, 'nothing')).text).toContain('gzip: invalid header');
    expect((await ask('POST', '/echo', gzip, gzipSync('é').subarray(0, -6))).text).toContain('unexpected EOF');
    expect((await ask('POST', '/echo', gzip, '')).text).toContain('"EOF"');
    const changed = gzipSync('é');
    changed.writeUInt32LE(1, changed.length - 8);
    expect((await ask('POST', '/echo', gzip, changed)).text).toContain('gzip: invalid checksum');
    const corrupt = Buffer.concat([gzipSync('é').subarray(0, 10), Buffer.alloc(8, 0xff)]);
    expect((await ask('POST', '/echo', gzip, corrupt)).text).toContain('flate: corrupt input before offset ');
  });

  it('is refused above the limit, compressed or not, and the sender sees it', async () => {
    const chunked = { headers: { 'transfer-encoding': 'chunked' } };
    expect(await ask('POST', '/echo', {}, 'x'.repeat(LIMIT))).toMatchObject({ status: 200 });
    expect(await ask('POST', '/echo', {}, 'x'.repeat(LIMIT + 1))).toMatchObject({ status: 413 });
    expect(await ask('POST', '/echo', {}, 'x'.repeat(20_000_000))).toMatchObject({ status: 413 });
    expect(await ask('POST', '/echo', chunked, 'x'.repeat(LIMIT + 1))).toMatchObject({ status: 413 });
    expect(await ask('POST', '/echo', gzip, gzipSync('x'.repeat(LIMIT + 1)))).toMatchObject({ status: 413 });
  });

  it('that nobody reads does not matter', async () => {
    expect(await ask('POST', '/unread', {}, 'x'.repeat(10_000))).toMatchObject({ status: 200 });
    expect(await ask('POST', '/nowhere', {}, 'x'.repeat(10_000))).toMatchObject({ status: 404 });
  });

  it('has to wait while too many others are in memory', async () => {
    const held = await Promise.all(
      Array.from({ length: 2 }, async () => {
        const socket = connect(port, '127.0.0.1');
        socket.write(`POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: ${LIMIT}\r\n\r\n${'x'.repeat(LIMIT - 1)}`);
        await once(socket, 'ready');
        return socket;
      }),
    );
    await expect.poll(async () => (await ask('POST', '/echo', {}, 'x'.repeat(LIMIT))).status).toBe(503);
    for (const socket of held) socket.write('x');
    await Promise.all(held.map((socket) => once(socket, 'data')));
    for (const socket of held) socket.destroy();
    expect(await ask('POST', '/echo', {}, 'x'.repeat(LIMIT))).toMatchObject({ status: 200 });
  });

  it('that is cut off is no error of ours', async () => {
    logged.length = 0;
    answered.length = 0;
    const socket = connect(port, '127.0.0.1');
    socket.write('POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
    await once(socket, 'ready');
    setTimeout(() => socket.resetAndDestroy(), 50);
    await expect.poll(() => answered).toEqual(['test 400']);
    expect(logged).toEqual([]);
  });
});
