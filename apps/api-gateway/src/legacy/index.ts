import { notFound } from '@supercap/transport';
import { debugVars } from '../debug-vars';
import type { Handler } from '../http/exchange';
import { legacySurface, type Method, type Route } from '../http/routes';
import type { ExecutorService, Registry } from '../services';
import type { ServerControl } from '../v1/server';
import { legacyRecordings } from './recordings';
import { legacyHttpOut, legacyServer } from './server';
import { legacyTasks } from './tasks';

export interface LegacyDependencies {
  readonly registry: Registry;
  readonly executors: ExecutorService;
  readonly write: Handler;
  readonly control: ServerControl;
  readonly version: string;
  readonly scriptBytes: number;
}

const PREFIXES = ['', '/api/v1'];

/** Every path of the API of 2016, with and without `/api/v1`. */
export function legacyRoutes(dependencies: LegacyDependencies): Route[] {
  const { registry, executors, write, control, version, scriptBytes } = dependencies;
  const handlers: Readonly<Record<string, Handler>> = {
    ...legacyServer(executors, control, write),
    ...legacyTasks(registry, scriptBytes),
    ...legacyRecordings(registry),
  };
  const endpoint: Handler = async ({ rest }) =>
    (await legacyHttpOut(executors, rest)) ?? Promise.reject(notFound('Not Found'));
  const vars = debugVars(registry, executors, version, true);
  const route = (method: Method, pattern: string, handler: Handler, kind: string): Route => ({
    surface: legacySurface,
    method,
    pattern,
    handler,
    kind,
  });
  const fixed = PREFIXES.flatMap((prefix) =>
    Object.entries(handlers).map(([key, handler]) => {
      const [method, path] = key.split(' ') as [Method, string];
      return route(method, prefix + path, handler, path === '/write' ? 'write' : 'legacy');
    }),
  );
  return [
    ...fixed,
    // 0.10 has them below /task, 0.2 right below /api/v1, where the fixed paths win.
    route('GET', '/task/', endpoint, 'httpOut'),
    route('GET', '/api/v1/task/', endpoint, 'httpOut'),
    route('GET', '/api/v1/', endpoint, 'httpOut'),
    route('GET', '/debug/vars', vars, 'debug'),
    route('GET', '/api/v1/debug/vars', vars, 'debug'),
    route('GET', '/debug/vars/', vars, 'debug'),
  ];
}
