import type { Handler } from '../http/exchange';
import { noContent } from '../http/exchange';
import { legacySurface, type Route } from '../http/routes';
import type { ExecutorService, Registry } from '../services';
import type { ServerControl } from '../v1/server';

export interface LegacyDependencies {
  readonly registry: Registry;
  readonly executors: ExecutorService;
  readonly write: Handler;
  readonly control: ServerControl;
  readonly version: string;
  /** Folder of the recordings, for error texts. */
  readonly replayDir: string;
}

/** Every path of the API of 2016, with and without `/api/v1`. */
export function legacyRoutes({ write }: LegacyDependencies): Route[] {
  const routes: { method: Route['method']; path: string; handler: Handler; kind: string }[] = [
    { method: 'GET', path: '/ping', handler: () => noContent, kind: 'ping' },
    { method: 'HEAD', path: '/ping', handler: () => noContent, kind: 'ping' },
    { method: 'POST', path: '/write', handler: write, kind: 'write' },
  ];
  return ['', '/api/v1'].flatMap((prefix) =>
    routes.map(({ method, path, handler, kind }) => ({ surface: legacySurface, method, pattern: prefix + path, handler, kind })),
  );
}
