import type { registry } from '@supercap/protocol';
import { badRequest, HttpError, notFound } from '@supercap/transport';
import { bodyText } from '../http/body';
import { empty, indented, type Exchange, type Handler } from '../http/exchange';
import type { JsonValue } from '../http/json';
import type { Registry } from '../services';
import { parseDbrps } from './dbrps';
import { parseLegacyDuration } from './parameters';

const typeNumber = (type: string) => (type === 'batch' ? 1 : 0);
/** Errors of 2016 do not say which node they come from. */
const NODE = /^[a-z_]+\d+: /;
const dbrpsOf = (task: registry.Task) => task.dbrps.map(({ db, rp }) => ({ db, rp }));

function presentTask(task: registry.Task): JsonValue {
  return {
    Name: task.id,
    Type: typeNumber(task.type),
    DBRPs: dbrpsOf(task),
    TICKscript: task.script,
    Dot: task.legacyDot,
    Enabled: task.enabled,
    Executing: task.executing,
    Error: task.error.replace(NODE, ''),
  };
}

function presentEntry(task: registry.Task): JsonValue {
  return {
    Name: task.id,
    Type: typeNumber(task.type),
    DBRPs: dbrpsOf(task),
    Enabled: task.enabled,
    Executing: task.executing,
  };
}

/** An absent parameter is an undefined member: it changes nothing. */
async function defineRequest(exchange: Exchange, scriptBytes: number): Promise<registry.DefineTaskRequest> {
  const { query } = exchange;
  const body = await exchange.body();
  if (body.length > scriptBytes) {
    throw new HttpError(413, `script of ${body.length} bytes is larger than the limit of ${scriptBytes}`);
  }
  const script = bodyText(body);
  const dbrps = query.get('dbrps');
  const parsed = dbrps === undefined ? undefined : parseDbrps(dbrps);
  const snapshot = query.get('snapshot');
  const duration = snapshot === undefined ? undefined : parseLegacyDuration(snapshot);
  return {
    name: query.get('name') ?? '',
    type: query.get('type'),
    ...(parsed !== undefined && 'items' in parsed && { dbrps: { items: parsed.items } }),
    ...(parsed !== undefined && 'error' in parsed && { dbrpsError: parsed.error }),
    ...(script !== '' && { script }),
    ...(duration !== undefined && { snapshot: duration }),
    ...(snapshot !== undefined && duration === undefined && { snapshotError: 'invalid duration' }),
  };
}

/** Throws HttpError 404 with the text of 2016. */
export async function findTask(registryService: Registry, name: string): Promise<registry.Task> {
  try {
    return await registryService.getTask({ id: name });
  } catch (error) {
    if (error instanceof HttpError && error.status === 404) throw notFound(`unknown task ${name}`);
    throw error;
  }
}

/** Tasks of the 2016 API, by method and path. */
export function legacyTasks(registryService: Registry, scriptBytes: number): Readonly<Record<string, Handler>> {
  return {
    'POST /task': async (exchange) => {
      await registryService.defineTask(await defineRequest(exchange, scriptBytes));
      return empty;
    },
    'GET /task': async ({ query }) => {
      const name = query.get('name');
      if (name === undefined) throw badRequest('must pass task name');
      return indented(presentTask(await findTask(registryService, name)));
    },
    'DELETE /task': async ({ query }) => {
      await registryService.deleteTask({ id: query.get('name') ?? '' });
      return empty;
    },
    'GET /tasks': async ({ query }) => {
      const ids = query.get('tasks')?.split(',') ?? [];
      const { tasks } = await registryService.listTasks({ pattern: '', offset: 0, limit: -1, ids, brief: true });
      return indented({ Tasks: tasks.map(presentEntry) });
    },
    'POST /enable': async ({ query }) => {
      await registryService.enableTask({ id: query.get('name') ?? '' });
      return empty;
    },
    'POST /disable': async ({ query }) => {
      await registryService.disableTask({ id: query.get('name') ?? '' });
      return empty;
    },
  };
}
