import { isLogLevel } from '@supercap/telemetry';
import { badRequest } from '@supercap/transport';
import { indented, noContent, type Handler } from '../http/exchange';
import { PREVIEW_BASE, v1Surface, type Route, type RouteTable } from '../http/routes';
import type { ExecutorService } from '../services';
import { BASE, decodeBody } from './common';

export interface ServerControl {
  setLogLevel(level: string): Promise<void>;
  routes(): RouteTable;
}

const LEVELS: Readonly<Record<string, string>> = { debug: 'debug', info: 'info', error: 'error' };

/** What answers where nothing else does. */
const CATCH_ALL = ['/', `${PREVIEW_BASE}/`];
const CATCH_ALL_METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

/** Ping, routes, log level, sideload. */
export function serverRoutes(executors: ExecutorService, control: ServerControl, write: Handler): Route[] {
  const route = (method: Route['method'], pattern: string, handler: Handler, kind = 'server'): Route => ({
    surface: v1Surface,
    method,
    pattern,
    handler,
    kind,
  });
  return [
    route('GET', `${BASE}/ping`, () => noContent, 'ping'),
    route('HEAD', `${BASE}/ping`, () => noContent, 'ping'),
    route('POST', `${BASE}/write`, write, 'write'),
    route('GET', `${BASE}/:routes`, async () => indented(await routeList(control.routes(), executors))),
    route('POST', `${BASE}/loglevel`, async (exchange) => {
      const word = await decodeBody(
        exchange,
        (detail) => `invalid json: ${detail}`,
        (body) => body.text('level'),
      );
      const level = LEVELS[word.toLowerCase()];
      if (level === undefined || !isLogLevel(level)) throw badRequest('invalid log level');
      await control.setLogLevel(level);
      return noContent;
    }),
    route('POST', `${BASE}/sideload/reload`, async () => {
      const { error } = await executors.reloadSideload({ forwarded: false });
      if (error !== '') throw new Error(error);
      return noContent;
    }),
  ];
}

/** Every pattern with its methods, httpOut endpoints included. */
export async function routeList(table: RouteTable, executors: ExecutorService): Promise<Record<string, string[]>> {
  const methods = new Map<string, Set<string>>();
  const add = (pattern: string, method: string) => {
    const known = methods.get(pattern);
    if (known === undefined) methods.set(pattern, new Set([method]));
    else known.add(method);
  };
  for (const { pattern, method } of table.routes) add(pattern, method);
  for (const pattern of CATCH_ALL) for (const method of CATCH_ALL_METHODS) add(pattern, method);
  const { paths } = await executors.httpOutPaths({ forwarded: false }).catch(() => ({ paths: [] }));
  for (const { taskId, endpoint } of paths) {
    add(`/task/${taskId}/${endpoint}`, 'GET');
    add(`${BASE}/tasks/${taskId}/${endpoint}`, 'GET');
  }
  return Object.fromEntries(
    [...methods].sort(([a], [b]) => (a < b ? -1 : 1)).map(([pattern, set]) => [pattern, [...set].sort()]),
  );
}
