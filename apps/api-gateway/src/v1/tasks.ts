import type { executor, registry } from '@supercap/protocol';
import { badRequest, HttpError, notFound } from '@supercap/transport';
import { Admission } from '../http/admission';
import { indented, noContent, type Exchange, type Reply } from '../http/exchange';
import { RawJson, type JsonValue } from '../http/json';
import { v1Surface, type Route } from '../http/routes';
import type { ExecutorService, Registry } from '../services';
import { BASE, decodeBody, linkTo, oneOf, pageQuery, selectFields, selfLink, timeText } from './common';

const PATH = `${BASE}/tasks`;
const LIST_FIELDS = [
  'link',
  'id',
  'type',
  'dbrps',
  'script',
  'dot',
  'status',
  'executing',
  'error',
  'stats',
  'created',
  'modified',
  'last-enabled',
  'vars',
];

type View = { readonly scriptFormat: 'formatted' | 'raw'; readonly dotView: 'attributes' | 'labels' };

type ListItem = Record<string, JsonValue>;

/** Tasks that are asked about in one question. */
const ASKED_AT_ONCE = 200;
/** Tasks that are presented without a turn of the loop between. */
const ITEMS_PER_TURN = 100;
/** A list of many tasks is some megabytes, several times over while it is made. */
const lists = new Admission('lists of tasks', 2, 64);

/** What the executors say of those tasks that run. One that does not answer says nothing. */
async function inspectAll(
  executors: ExecutorService,
  tasks: readonly registry.Task[],
  brief: boolean,
): Promise<ReadonlyMap<string, executor.InspectResponse>> {
  const ids = tasks.filter(({ executing }) => executing).map(({ id }) => id);
  const found = new Map<string, executor.InspectResponse>();
  for (let at = 0; at < ids.length; at += ASKED_AT_ONCE) {
    const request = { taskIds: ids.slice(at, at + ASKED_AT_ONCE), forwarded: false, brief };
    const answer = await executors.inspectMany(request).catch(() => undefined);
    for (const { taskId, inspected } of answer?.tasks ?? []) {
      if (inspected?.executing === true) found.set(taskId, inspected);
    }
  }
  return found;
}

/** `/kapacitor/v1/tasks`. */
export function taskRoutes(registryService: Registry, executors: ExecutorService): Route[] {
  const route = (method: Route['method'], pattern: string, handler: Route['handler']): Route => ({
    surface: v1Surface,
    method,
    pattern,
    handler,
    kind: 'tasks',
  });

  const inspect = async (task: registry.Task, replayId = ''): Promise<executor.InspectResponse | undefined> => {
    if (!task.executing && replayId === '') return undefined;
    const found = await executors.inspect({ taskId: task.id, replayId, forwarded: false }).catch(() => undefined);
    return found?.executing === true ? found : undefined;
  };

  /** The task's copy in a replay that runs. Throws HttpError 400. */
  const inspectReplay = async (task: registry.Task, replayId: string): Promise<executor.InspectResponse> => {
    const replay = await registryService.getReplay({ id: replayId, wait: false }).catch(() => undefined);
    const live = replay?.status === 'running' ? await inspect(task, replayId) : undefined;
    if (replay === undefined || live === undefined) throw badRequest(`no running replay with ID: ${replayId}`);
    if (replay.taskId !== task.id) throw badRequest(`replay ${replayId} is not for task: ${task.id}`);
    return live;
  };

  const show = async (task: registry.Task, exchange: Exchange): Promise<Reply> => {
    const view = viewOf(exchange);
    const replayId = exchange.query.get('replay-id');
    const live = replayId === undefined ? await inspect(task) : await inspectReplay(task, replayId);
    return indented(presentTask(task, live, view));
  };

  const list = async (exchange: Exchange): Promise<Reply> => {
    const view = viewOf(exchange);
    const asked = exchange.query.all('fields').filter((field) => field !== '');
    const wants = (...fields: readonly string[]) => asked.length === 0 || fields.some((field) => asked.includes(field));
    const { tasks } = await registryService.listTasks({
      ...pageQuery(exchange.query),
      ids: [],
      brief: !wants('script', 'dot', 'error'),
    });
    const live = wants('stats', 'dot') ? await inspectAll(executors, tasks, !wants('dot')) : new Map<string, never>();
    const items: ListItem[] = [];
    for (const [i, task] of tasks.entries()) {
      if (i % ITEMS_PER_TURN === ITEMS_PER_TURN - 1) await new Promise((resolve) => setImmediate(resolve));
      const inspected = live.get(task.id);
      const { 'template-id': templateId, ...item } = presentTask(task, inspected, view);
      items.push({
        ...item,
        ...(templateId !== '' && { 'template-id': templateId }),
        stats: inspected === undefined ? null : (item['stats'] ?? null),
        dot: task.dot === '' ? null : (item['dot'] ?? null),
      });
    }
    return indented({ tasks: selectFields(items, exchange.query, LIST_FIELDS, [...LIST_FIELDS, 'template-id']) });
  };

  return [
    route('POST', PATH, async (exchange) => {
      const body = await taskBody(exchange);
      const task = await registryService.createTask({
        id: body.id,
        templateId: body.templateId,
        type: body.type,
        dbrps: body.dbrps,
        script: body.script,
        enabled: body.status === 'enabled',
        varsJson: body.varsJson,
      });
      return show(task, exchange);
    }),
    route('GET', PATH, (exchange) => lists.run(() => list(exchange))),
    route('GET', `${PATH}/`, async (exchange) => {
      const rest = idOf(exchange);
      try {
        return await show(await registryService.getTask({ id: rest }), exchange);
      } catch (error) {
        // What is no task may be an endpoint of one: the longest task id wins.
        if (!(error instanceof HttpError) || error.status !== 404) throw error;
        return (await httpOut(executors, rest)) ?? Promise.reject(notFound('no task exists'));
      }
    }),
    route('PATCH', `${PATH}/`, async (exchange) => {
      const id = idOf(exchange);
      const body = await taskBody(exchange);
      const task = await registryService.updateTask({
        id,
        newId: body.id,
        templateId: body.templateId,
        type: body.type,
        dbrps: body.dbrps,
        script: body.script,
        status: body.status,
        varsJson: body.varsJson,
      });
      return show(task, exchange);
    }),
    route('DELETE', `${PATH}/`, async (exchange) => {
      await registryService.deleteTask({ id: idOf(exchange) });
      return noContent;
    }),
  ];
}

/** The id, or the id and an endpoint, that is left of a path. */
function idOf({ rest }: Exchange): string {
  if (rest === '') throw badRequest('must specify task id on path');
  return rest;
}

/** Each slash of a path costs a question; names with more of them are not found. */
const MOST_SLASHES = 32;

/** The output of an httpOut node, for a path `task/endpoint`: of the task with the longest name that has it. */
export async function httpOut(executors: ExecutorService, path: string): Promise<Reply | undefined> {
  let left = MOST_SLASHES;
  for (let at = path.lastIndexOf('/'); at > 0 && left > 0; at = path.lastIndexOf('/', at - 1)) {
    left--;
    const [taskId, endpoint] = [path.slice(0, at), path.slice(at + 1)];
    const found = await executors.httpOut({ taskId, endpoint, forwarded: false });
    if (!found.found) continue;
    if (found.error !== '') throw new HttpError(500, found.error);
    return { status: 200, body: found.resultJson };
  }
  return undefined;
}

function viewOf({ query }: Exchange): View {
  return {
    scriptFormat: oneOf(query, 'script-format', ['formatted', 'raw'], 'formatted'),
    dotView: oneOf(query, 'dot-view', ['attributes', 'labels'], 'attributes'),
  };
}

/** A task as the newer API shows it, keys in its order. */
export function presentTask(
  task: registry.Task,
  live: executor.InspectResponse | undefined,
  view: View,
): Record<string, JsonValue> {
  const dot = live === undefined ? task.dot : view.dotView === 'labels' ? live.dotLabels : live.dotAttributes;
  return {
    link: selfLink(linkTo('tasks', task.id)),
    id: task.id,
    'template-id': task.templateId,
    type: task.type,
    dbrps: task.dbrps.map(({ db, rp }) => ({ db, rp })),
    script: view.scriptFormat === 'raw' ? task.script : task.formatted,
    vars: new RawJson(task.varsJson),
    dot,
    status: task.enabled ? 'enabled' : 'disabled',
    executing: task.executing,
    error: task.error,
    stats: live === undefined ? {} : new RawJson(live.statsJson),
    created: timeText(task.created),
    modified: timeText(task.modified),
    'last-enabled': timeText(task.lastEnabled),
  };
}

interface TaskBody {
  readonly id: string;
  readonly templateId: string;
  readonly type: string;
  readonly dbrps: { db: string; rp: string }[];
  readonly script: string;
  readonly status: string;
  readonly varsJson: string;
}

/** Throws HttpError 400. */
function taskBody(exchange: Exchange): Promise<TaskBody> {
  const invalid = () => 'invalid JSON';
  return decodeBody(exchange, invalid, (body) => ({
    id: body.text('id'),
    templateId: body.text('template-id'),
    type: body.word('type', ['stream', 'batch'], invalid) ?? '',
    dbrps: body.list('dbrps').map((item) => ({ db: item.text('db'), rp: item.text('rp') })),
    script: body.text('script'),
    status: body.word('status', ['enabled', 'disabled'], invalid) ?? '',
    varsJson: body.object('vars') ?? '',
  }));
}
