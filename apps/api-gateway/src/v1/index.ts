import type { Handler } from '../http/exchange';
import { v1Surface, type Route } from '../http/routes';
import { debugVars } from '../debug-vars';
import type { ExecutorService, Registry } from '../services';
import { alertRoutes } from './alerts';
import { BASE } from './common';
import { recordingRoutes } from './recordings';
import { serverRoutes, type ServerControl } from './server';
import { taskRoutes } from './tasks';
import { templateRoutes } from './templates';

export interface V1Dependencies {
  readonly registry: Registry;
  readonly executors: ExecutorService;
  readonly write: Handler;
  readonly control: ServerControl;
  readonly version: string;
}

/** The API that the official command line and Chronograf speak. */
export function v1Routes({ registry, executors, write, control, version }: V1Dependencies): Route[] {
  return [
    ...serverRoutes(executors, control, write),
    ...taskRoutes(registry, executors),
    ...templateRoutes(registry),
    ...recordingRoutes(registry),
    ...alertRoutes(registry),
    {
      surface: v1Surface,
      method: 'GET',
      pattern: `${BASE}/debug/vars`,
      handler: debugVars(registry, executors, version, false),
      kind: 'debug',
    },
  ];
}
