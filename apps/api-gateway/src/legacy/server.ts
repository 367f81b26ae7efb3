import { badRequest } from '@supercap/transport';
import { empty, indented, noContent, type Handler } from '../http/exchange';
import type { ExecutorService } from '../services';
import { httpOut } from '../v1/tasks';
import { routeList, type ServerControl } from '../v1/server';
import { quote } from './quote';

const LEVELS = new Set(['debug', 'info', 'warn', 'error', 'off']);

/** Ping, log level, routes. */
export function legacyServer(
  executors: ExecutorService,
  control: ServerControl,
  write: Handler,
): Readonly<Record<string, Handler>> {
  return {
    'GET /ping': () => noContent,
    'HEAD /ping': () => noContent,
    'POST /write': write,
    'POST /loglevel': async ({ query }) => {
      const level = query.get('level') ?? '';
      if (!LEVELS.has(level.toLowerCase())) throw badRequest(`invalid log level: ${quote(level)}`);
      await control.setLogLevel(level.toLowerCase());
      return empty;
    },
    'GET /:routes': async () => indented(await routeList(control.routes(), executors)),
  };
}

/** The output of an httpOut node in the form of 2016; undefined: there is no such endpoint. */
export async function legacyHttpOut(executors: ExecutorService, path: string) {
  const found = await httpOut(executors, path);
  if (found === undefined || typeof found.body !== 'string') return undefined;
  // `{"series":…}`: what stands behind the colon is the same in both forms.
  const series = found.body.slice('{"series":'.length, -1);
  return { status: 200, body: `{"Series":${series},"Err":null}` };
}
