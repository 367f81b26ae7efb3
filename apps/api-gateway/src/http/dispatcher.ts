import type { Logger } from '@supercap/telemetry';
import { withRequestId } from '@supercap/telemetry';
import { HttpError } from '@supercap/transport';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzip } from 'node:zlib';
import type { BodyLimits } from './body';
import { BodyBudget } from './body-budget';
import { cleanPath } from './clean-path';
import { Exchange, JSON_TYPE, type Reply } from './exchange';
import { indentedJson } from './json';
import { decodePath, Query } from './query';
import { PREVIEW_BASE, V1_BASE, v1Surface, type RouteTable, type Surface } from './routes';
import { uuid1 } from './uuid1';

export const KAPACITOR_VERSION = '1.5.5';
const DRAIN_MS = 1000;
const CORS_METHODS = 'DELETE, GET, OPTIONS, POST';
const CORS_HEADERS =
  'Accept, Accept-Encoding, Authorization, Content-Length, Content-Type, X-CSRF-Token, X-HTTP-Method-Override';

export interface DispatcherOptions {
  readonly limits: BodyLimits;
  /** Bytes that the bodies of all requests may take together. */
  readonly bodiesBytes: number;
  readonly version: string;
  readonly maxPathBytes: number;
  /** Told of every answer, for metrics. */
  answered?(kind: string, status: number, seconds: number): void;
}

/** From a raw request to its route and back: paths, headers and errors as the original has them. */
export class Dispatcher {
  private readonly bodies: BodyBudget;

  constructor(
    private readonly routes: RouteTable,
    private readonly options: DispatcherOptions,
    private readonly log: Logger,
  ) {
    this.bodies = new BodyBudget(options.bodiesBytes);
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const requestId = uuid1();
    withRequestId(requestId, () => {
      this.answer(request, response, requestId).catch((error: unknown) => {
        this.log.error({ err: error }, 'a request could not be answered');
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> {
    const began = performance.now();
    const method = request.method ?? 'GET';
    const url = withoutOrigin(request.url ?? '/');
    const at = url.indexOf('?');
    const raw = at < 0 ? url : url.slice(0, at);
    const query = new Query(at < 0 ? '' : url.slice(at + 1));
    let path = decodePath(raw);
    const surface = this.routes.surfaceOf(path);
    const clean = cleanPath(path);
    // Sent on before the API sees it: none of its headers are there yet.
    if (clean !== path && method !== 'CONNECT' && method !== 'OPTIONS') {
      const location = encodeURI(clean).replace(/[?#]/g, encodeURIComponent) + (at < 0 ? '' : url.slice(at));
      response.writeHead(301, { location, 'content-type': 'text/html; charset=utf-8' });
      response.end(`<a href="${location.replaceAll('"', '%22')}">Moved Permanently</a>.\n\n`);
      return;
    }
    response.setHeader('Request-Id', requestId);
    this.allowOrigin(request, response, surface);
    if (method === 'OPTIONS') {
      response.writeHead(200).end();
      return;
    }
    if (path.startsWith(`${PREVIEW_BASE}/`)) path = V1_BASE + path.slice(PREVIEW_BASE.length);
    const match = this.routes.find(method, path);
    const share = this.bodies.share();
    let reply: Reply;
    try {
      if (Buffer.byteLength(path) > this.options.maxPathBytes) throw new HttpError(400, 'path is too long');
      if (path.includes('\0')) throw new HttpError(400, 'a NUL character is not allowed');
      if (match === undefined) throw new HttpError(404, 'Not Found');
      reply = await match.route.handler(
        new Exchange(method, path, query, request, this.options.limits, match.rest, share),
      );
    } catch (error) {
      reply = this.errorReply(error, match?.route.surface ?? surface);
    } finally {
      share.release();
    }
    await this.send(request, response, reply, match?.route.surface ?? surface, match?.route.plain ?? false);
    const took = (performance.now() - began) / 1000;
    const kind = match?.route.kind ?? 'unknown';
    this.options.answered?.(kind, reply.status, took);
    this.log.debug(
      { method, path, query: query.redacted(), status: reply.status, ms: Math.round(took * 1e6) / 1e3 },
      'http request',
    );
  }

  private errorReply(error: unknown, surface: Surface): Reply {
    if (error instanceof HttpError) {
      const headers = error.status === 503 ? { 'Retry-After': '1' } : undefined;
      return { status: error.status, body: errorBody(error.message, surface), ...(headers && { headers }) };
    }
    this.log.error({ err: error }, 'request failed');
    return { status: 500, body: errorBody(error instanceof Error ? error.message : String(error), surface) };
  }

  private async send(
    request: IncomingMessage,
    response: ServerResponse,
    reply: Reply,
    surface: Surface,
    plain: boolean,
  ): Promise<void> {
    response.setHeader('Content-Type', reply.type ?? JSON_TYPE);
    response.setHeader('X-Kapacitor-Version', KAPACITOR_VERSION);
    response.setHeader('X-Supercap-Version', this.options.version);
    for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
    if (reply.status >= 400 && !(await isRead(request))) response.setHeader('Connection', 'close');
    let body = typeof reply.body === 'string' ? Buffer.from(reply.body) : (reply.body ?? Buffer.alloc(0));
    const compresses = !plain && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
    // In the newer API an answer without a body says so, too.
    if (compresses && (body.length > 0 || surface === v1Surface)) response.setHeader('Content-Encoding', 'gzip');
    if (compresses && body.length > 0) {
      body = await new Promise<Buffer>((resolve, reject) =>
        gzip(body, (error, compressed) => (error ? reject(error) : resolve(compressed))),
      );
    }
    if (reply.status !== 204) response.setHeader('Content-Length', body.length);
    response.writeHead(reply.status);
    response.end(request.method === 'HEAD' || reply.status === 204 ? undefined : body);
  }

  private allowOrigin(request: IncomingMessage, response: ServerResponse, surface: Surface): void {
    const { origin } = request.headers;
    if (origin === undefined) return;
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Access-Control-Allow-Methods', `${CORS_METHODS}, ${surface === v1Surface ? 'PATCH' : 'PUT'}`);
    response.setHeader('Access-Control-Allow-Headers', CORS_HEADERS);
  }
}

/**
 * Reads what is left of a body that nobody wants: who is still sending it does not see an answer on a connection that is
 * closed meanwhile. False: it takes too long, or the client is gone.
 */
function isRead(request: IncomingMessage): Promise<boolean> {
  if (request.complete || request.destroyed) return Promise.resolve(request.complete);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), DRAIN_MS);
    const done = () => {
      clearTimeout(timer);
      resolve(request.complete);
    };
    request.once('end', done);
    request.once('close', done);
    request.resume();
  });
}

/** Clients of a proxy name scheme and host, too. */
const withoutOrigin = (url: string) =>
  /^https?:\/\//i.test(url) ? url.replace(/^[^:]*:\/\/[^/?]*/, '').replace(/^(?!\/)/, '/') : url;

function errorBody(message: string, surface: Surface): string {
  return indentedJson({ [surface.errorKey]: message });
}
