import type { executor, registry } from '@supercap/protocol';
import { HttpError, notFound } from '@supercap/transport';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Exchange, type Reply } from '../http/exchange';
import { Query } from '../http/query';
import { RouteTable, type Method, type Route } from '../http/routes';
import type { ExecutorService, Registry } from '../services';
import { alertRoutes } from './alerts';
import { pageQuery } from './common';
import { recordingRoutes } from './recordings';
import { routeList, serverRoutes } from './server';
import { taskRoutes } from './tasks';
import { templateRoutes } from './templates';

type Unary<K extends keyof Registry> = { [P in K]?: (request: never) => Promise<unknown> };

const registryOf = (methods: Unary<keyof Registry>) => methods as unknown as Registry;
const executorsOf = (inspected: Partial<executor.InspectResponse> = {}) =>
  ({ inspect: async () => inspected }) as unknown as ExecutorService;

async function ask(
  routes: readonly Route[],
  method: Method,
  url: string,
  body?: string,
): Promise<Reply & { json?: unknown }> {
  const [path = '', query = ''] = url.split('?');
  const match = new RouteTable(routes).find(method, path);
  if (match === undefined) throw new HttpError(404, 'Not Found');
  const request = Object.assign(Readable.from(body === undefined ? [] : [Buffer.from(body)]), {
    headers: {},
    url,
    complete: true,
  });
  const limits = { bytes: 1e6, inflatedBytes: 1e6 };
  const exchange = new Exchange(
    method,
    path,
    new Query(query),
    request as unknown as Exchange['request'],
    limits,
    match.rest,
  );
  const reply = await match.route.handler(exchange);
  return { ...reply, ...(typeof reply.body === 'string' && { json: JSON.parse(reply.body) as unknown }) };
}

const task: registry.Task = {
  id: 'é',
  type: 'stream',
  templateId: '',
  dbrps: [{ db: 'd', rp: 'r' }],
  script: 'stream|from()',
  formatted: 'stream\n    |from()\n',
  varsJson: '{"n":{"type":"int","value":9007199254740993,"description":""}}',
  enabled: false,
  executing: false,
  error: '',
  created: 1n,
  modified: 1_000_000_000n,
  lastEnabled: 0n,
  dot: 'digraph é {}',
  legacyDot: '',
  revision: 1,
  pipelineJson: '',
};

describe('tasks of the newer API', () => {
  const one = registryOf({ getTask: async () => task, listTasks: async () => ({ tasks: [task] }) });

  it('are shown with exact numbers, links as paths, and "never" for what has not been', async () => {
    const { body } = await ask(taskRoutes(one, executorsOf()), 'GET', '/kapacitor/v1/tasks/é');
    expect(body).toContain('"href": "/kapacitor/v1/tasks/é"');
    expect(body).toContain('"value": 9007199254740993');
    expect(body).toContain('"created": "1970-01-01T00:00:00.000000001Z"');
    expect(body).toContain('"last-enabled": "0001-01-01T00:00:00Z"');
    expect(body).toContain('"stats": {}');
  });

  it('are listed with the fields that were asked for, and without figures unless they run', async () => {
    const routes = taskRoutes(one, executorsOf());
    const { json } = await ask(routes, 'GET', '/kapacitor/v1/tasks?fields=stats&fields=status');
    expect(json).toEqual({
      tasks: [{ id: 'é', link: { rel: 'self', href: '/kapacitor/v1/tasks/é' }, stats: null, status: 'disabled' }],
    });
    const ofTemplates = async (templateId: string) => {
      const listing = registryOf({ listTasks: async () => ({ tasks: [{ ...task, templateId }] }) });
      const path = '/kapacitor/v1/tasks?fields=template-id';
      const { json: list } = await ask(taskRoutes(listing, executorsOf()), 'GET', path);
      return Object.keys((list as { tasks: [object] }).tasks[0]).includes('template-id');
    };
    expect([await ofTemplates(''), await ofTemplates('t')]).toEqual([false, true]);
    await expect(ask(routes, 'GET', '/kapacitor/v1/tasks?fields=colour')).rejects.toThrow('unsupported field "colour"');
  });

  it('take the vars as they were written', async () => {
    let created: registry.CreateTaskRequest | undefined;
    const creating = registryOf({
      createTask: async (request: registry.CreateTaskRequest) => {
        created = request;
        return task;
      },
    });
    await ask(
      taskRoutes(creating, executorsOf()),
      'POST',
      '/kapacitor/v1/tasks',
      '{"id":"a","vars":{"n":{"value":9007199254740993}}}',
    );
    expect(created?.varsJson).toBe('{"n":{"value":9007199254740993}}');
  });

  it.each(['', '[]', '{"status":"paused"}', '{"type":5}', '{"vars":[]}', '{"dbrps":{}}'])(
    'refuse the body %j',
    async (body) => {
      await expect(ask(taskRoutes(one, executorsOf()), 'POST', '/kapacitor/v1/tasks', body)).rejects.toThrow(
        'invalid JSON',
      );
    },
  );

  it('need an id on the path', async () => {
    for (const method of ['GET', 'PATCH', 'DELETE'] as const) {
      await expect(ask(taskRoutes(one, executorsOf()), method, '/kapacitor/v1/tasks/', '{}')).rejects.toThrow(
        'must specify task id on path',
      );
    }
  });

  it('are shown within a running replay of theirs only', async () => {
    const replay = (status: string, taskId: string) =>
      taskRoutes(
        registryOf({ getTask: async () => task, getReplay: async () => ({ status, taskId }) }),
        executorsOf({ executing: true, statsJson: '{"a":1}' }),
      );
    const url = '/kapacitor/v1/tasks/é?replay-id=x';
    expect((await ask(replay('running', 'é'), 'GET', url)).json).toMatchObject({ stats: { a: 1 } });
    await expect(ask(replay('finished', 'é'), 'GET', url)).rejects.toThrow('no running replay with ID: x');
    await expect(ask(replay('running', 'other'), 'GET', url)).rejects.toThrow('replay x is not for task: é');
  });
});

describe('templates of the newer API', () => {
  it('are listed without vars, and empty when they no longer compile', async () => {
    const template = {
      id: 't',
      type: 'stream',
      script: '',
      formatted: '',
      varsJson: '{}',
      dot: '',
      error: '',
      created: 0n,
      modified: 0n,
    };
    const routes = templateRoutes(
      registryOf({ listTemplates: async () => ({ templates: [template, { ...template, error: 'bad' }] }) }),
    );
    const { json } = await ask(routes, 'GET', '/kapacitor/v1/templates?fields=type');
    expect(json).toEqual({
      templates: [{ id: 't', link: { rel: 'self', href: '/kapacitor/v1/templates/t' }, type: 'stream' }, {}],
    });
    const all = (await ask(routes, 'GET', '/kapacitor/v1/templates')).json as { templates: object[] };
    expect(Object.keys(all.templates[0]!)).toEqual([
      'created',
      'dot',
      'error',
      'id',
      'link',
      'modified',
      'script',
      'type',
    ]);
  });
});

describe('recordings and replays of the newer API', () => {
  const recording = { id: 'r', type: 'stream', status: 'running', size: 0n, date: 0n, error: '', progress: 0 };
  const routes = recordingRoutes(
    registryOf({
      getRecording: async ({ id }: registry.GetRecordingRequest) => ({
        ...recording,
        status: id === 'r' ? 'running' : 'failed',
      }),
      createRecording: async () => recording,
    }),
  );

  it('are answered with 202 while they run', async () => {
    expect((await ask(routes, 'GET', '/kapacitor/v1/recordings/r')).status).toBe(202);
    expect((await ask(routes, 'GET', '/kapacitor/v1/recordings/s')).status).toBe(200);
    expect((await ask(routes, 'POST', '/kapacitor/v1/recordings/stream', '{"task":"a"}')).status).toBe(201);
  });

  it('are refused in the words of the decoder', async () => {
    const post = (path: string, body: string) => ask(routes, 'POST', `/kapacitor/v1${path}`, body);
    await expect(post('/recordings/stream', 'x')).rejects.toThrow(
      "invalid character 'x' looking for beginning of value",
    );
    await expect(post('/recordings/batch', '')).rejects.toThrow('EOF');
    await expect(post('/replays', '{"clock":"bad"}')).rejects.toThrow('unknown Clock bad');
    await expect(post('/recordings/query', '{"type":"bad"}')).rejects.toThrow('unknown TaskType bad');
  });
});

describe('topics, events and handlers', () => {
  const event = { id: 'a/b', message: 'm', details: '', time: '0', duration: 3_000_000_000n, level: 'OK' };
  const routes = alertRoutes(
    registryOf({
      listTopics: async () => ({ topics: [{ id: 't', level: 'OK', collected: 3n }] }),
      getEvent: async ({ topic, id }: registry.EventId) => {
        if (id === 'a/b') return event;
        throw notFound(`unknown event "${id}" in topic "${topic}"`);
      },
      listHandlers: async () => ({ handlers: [] }),
      getHandler: async ({ id }: registry.HandlerId) => {
        if (id === 'h') return {};
        throw notFound(`unknown handler: "${id}"`);
      },
      createHandler: async (handler: registry.Handler) => handler,
    }),
  );
  const topics = '/kapacitor/v1/alerts/topics';

  it('name the address that was asked for, by the base path', async () => {
    expect((await ask(routes, 'GET', `${topics}?min-level=OK`)).json).toMatchObject({
      link: { href: `${topics}?min-level=OK` },
    });
    expect((await ask(routes, 'GET', `${topics}/t/handlers?pattern=*`)).json).toEqual({
      link: { rel: 'self', href: `${topics}/t/handlers?pattern=*` },
      topic: 't',
      handlers: [],
    });
  });

  it('give an event whose id holds slashes, and name an unknown one by its last part', async () => {
    expect((await ask(routes, 'GET', `${topics}/t/events/a/b`)).json).toEqual({
      link: { rel: 'self', href: `${topics}/t/events/a/b` },
      id: 'a/b',
      state: { message: 'm', details: '', time: '1970-01-01T00:00:00Z', duration: '3s', level: 'OK' },
    });
    await expect(ask(routes, 'GET', `${topics}/t/events/c/d`)).rejects.toThrow('unknown event "d" in topic "t"');
  });

  it('take the options of a handler as they were written', async () => {
    const { body } = await ask(
      routes,
      'POST',
      `${topics}/t/handlers`,
      '{"id":"h","topic":"x","kind":"log","options":{"n":9007199254740993}}',
    );
    expect(body).toContain('"n": 9007199254740993');
    expect(body).toContain(`"href": "${topics}/t/handlers/h"`);
    await expect(ask(routes, 'POST', `${topics}/t/handlers`, 'x')).rejects.toThrow(
      "invalid handler json: invalid character 'x' looking for beginning of value",
    );
  });

  it('are made with whatever is posted below a topic', async () => {
    for (const below of ['', '/', '/zz', '/foo/bar', '/events/x', '/handlers/x']) {
      const { body } = await ask(routes, 'POST', `${topics}/t${below === '' ? '/' : below}`, '{"id":"h","kind":"log"}');
      expect(body).toContain(`"href": "${topics}/t/handlers/h"`);
    }
  });

  it('say that there is no such handler before what is wrong with the body', async () => {
    await expect(ask(routes, 'PUT', `${topics}/t/handlers/none`, 'x')).rejects.toThrow('unknown handler: "none"');
    await expect(ask(routes, 'PUT', `${topics}/t/handlers/h`, 'x')).rejects.toThrow(
      'failed to unmarshal JSON: invalid character',
    );
    await expect(ask(routes, 'PATCH', `${topics}/t/handlers/h`, '[')).rejects.toThrow(
      'invalid patch json: unexpected end of JSON input',
    );
  });
});

describe('a page of a list', () => {
  it('is given by whole numbers', () => {
    expect(pageQuery(new Query('pattern=a*&offset=2&limit=-7'))).toEqual({ pattern: 'a*', offset: 2, limit: -1 });
    expect(pageQuery(new Query('offset=-3'))).toEqual({ pattern: '', offset: 0, limit: 100 });
    expect(() => pageQuery(new Query('limit=x'))).toThrow(
      'invalid limit parameter "x" must be an integer: strconv.ParseInt: parsing "x": invalid syntax',
    );
    expect(() => pageQuery(new Query('limit=99999999999999999999'))).toThrow('value out of range');
  });
});

describe('the server', () => {
  const executors = { httpOutPaths: async () => ({ paths: [] }) } as unknown as ExecutorService;
  const levels: string[] = [];
  const routes: Route[] = serverRoutes(
    executors,
    { setLogLevel: async (level) => void levels.push(level), routes: () => new RouteTable(routes) },
    async () => ({ status: 204 }),
  );

  it('takes the levels of the original, in any case, and no other', async () => {
    for (const level of ['DEBUG', 'Info', 'error'])
      await ask(routes, 'POST', '/kapacitor/v1/loglevel', JSON.stringify({ level }));
    await expect(ask(routes, 'POST', '/kapacitor/v1/loglevel', '{"level":"warn"}')).rejects.toThrow(
      'invalid log level',
    );
    expect(levels).toEqual(['debug', 'info', 'error']);
  });

  it('lists its routes, what answers where nothing else does among them', async () => {
    const listed = await routeList(new RouteTable(routes), executors);
    expect(listed['/kapacitor/v1/ping']).toEqual(['GET', 'HEAD']);
    for (const pattern of ['/', '/kapacitor/v1preview/']) expect(listed[pattern]).toContain('PATCH');
  });
});
