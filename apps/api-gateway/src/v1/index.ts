import type { Handler } from '../http/exchange';
import type { Route } from '../http/routes';
import type { ExecutorService, Registry } from '../services';
import { serverRoutes, type ServerControl } from './server';
import { taskRoutes } from './tasks';

export interface V1Dependencies {
  readonly registry: Registry;
  readonly executors: ExecutorService;
  readonly write: Handler;
  readonly control: ServerControl;
}

/** The API that the official command line and Chronograf speak. */
export function v1Routes({ registry, executors, write, control }: V1Dependencies): Route[] {
  return [...serverRoutes(executors, control, write), ...taskRoutes(registry, executors)];
}
