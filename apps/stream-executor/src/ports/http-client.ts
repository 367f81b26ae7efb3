import type { HttpClient, HttpRequest, HttpResponse } from '@supercap/pipeline';
import http from 'node:http';
import https from 'node:https';

/** Bytes of an answer that are kept: enough for an error text. */
const BODY_LIMIT = 64 * 1024;

/** HTTP requests of nodes and handlers, over connections that are kept open. */
export class NodeHttpClient implements HttpClient {
  private readonly plain = new http.Agent({ keepAlive: true, maxSockets: 128, maxFreeSockets: 16 });
  private readonly secure = new https.Agent({ keepAlive: true, maxSockets: 128, maxFreeSockets: 16 });
  private readonly unverified = new https.Agent({ keepAlive: true, maxSockets: 128, rejectUnauthorized: false });

  constructor(private readonly timeoutMs: number) {}

  async request(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
    const url = parseUrl(request.url);
    try {
      return await this.send(url, request, signal);
    } catch (error) {
      // The server may have closed a connection just as it was used again: nothing was read, so one more try is due.
      const { code, reused } = error as NodeJS.ErrnoException & { reused?: boolean };
      if (reused === true && (code === 'ECONNRESET' || code === 'EPIPE')) return this.send(url, request, signal);
      throw error;
    }
  }

  private send(url: URL, request: HttpRequest, signal: AbortSignal | undefined): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      const isSecure = url.protocol === 'https:';
      const method = request.method ?? 'POST';
      // As bytes: with a text Node writes the headers in the body's encoding.
      const body = typeof request.body === 'string' ? Buffer.from(request.body) : (request.body ?? Buffer.alloc(0));
      const timeout =
        request.timeout === undefined ? this.timeoutMs : Math.max(1, Number(request.timeout / 1_000_000n));
      const outgoing = (isSecure ? https : http).request(url, {
        method,
        agent: isSecure ? (request.skipTlsVerification === true ? this.unverified : this.secure) : this.plain,
        headers: {
          'user-agent': 'supercap',
          ...asBytes(request.headers ?? {}),
          ...(method === 'GET' ? {} : { 'content-length': body.byteLength }),
          ...(url.username === '' || request.headers?.['Authorization'] !== undefined
            ? {}
            : { authorization: basicAuth(url) }),
        },
        ...(signal && { signal }),
      });
      const timer = setTimeout(() => outgoing.destroy(timeoutError(method, url)), timeout);
      outgoing.on('response', (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          if (size < BODY_LIMIT) chunks.push(chunk.subarray(0, BODY_LIMIT - size));
          size += chunk.length;
        });
        response.on('end', () => {
          clearTimeout(timer);
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
        });
        response.on('error', (error) => {
          clearTimeout(timer);
          reject(error);
        });
      });
      outgoing.on('error', (error) => {
        clearTimeout(timer);
        reject(Object.assign(error, { reused: outgoing.reusedSocket }));
      });
      outgoing.end(method === 'GET' ? undefined : body);
    });
  }

  close(): void {
    for (const agent of [this.plain, this.secure, this.unverified]) agent.destroy();
  }
}

/** Values as Node wants them, one character for each byte of their UTF-8. */
function asBytes(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Buffer.from(value).toString('latin1')]),
  );
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw Object.assign(new TypeError(`"${text}" is not a URL`), { code: 'ERR_INVALID_URL' });
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw Object.assign(new TypeError(`unsupported protocol scheme "${url.protocol.slice(0, -1)}"`), {
      code: 'ERR_INVALID_URL',
    });
  }
  return url;
}

const basicAuth = (url: URL) =>
  `Basic ${Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`).toString('base64')}`;

function timeoutError(method: string, url: URL): Error {
  const where = `${url.protocol}//${url.host}${url.pathname}`;
  return Object.assign(new Error(`${method} ${where}: no answer in time`), { code: 'ETIMEDOUT' });
}
