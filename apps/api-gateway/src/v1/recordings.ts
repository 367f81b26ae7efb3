import type { registry } from '@supercap/protocol';
import { badRequest } from '@supercap/transport';
import { indented, noContent, type Exchange, type Handler, type Reply } from '../http/exchange';
import { RawJson, type JsonValue } from '../http/json';
import { v1Surface, type Route } from '../http/routes';
import { EARLIEST, type JsonObject } from '../http/json-object';
import type { Registry } from '../services';
import { BASE, decodeBody, linkTo, plainly, pageQuery, selectFields, selfLink, timeText } from './common';

const RECORDING_FIELDS = ['link', 'id', 'type', 'size', 'date', 'error', 'status', 'progress'];
const REPLAY_FIELDS = [
  'link',
  'id',
  'recording',
  'task',
  'recording-time',
  'clock',
  'date',
  'error',
  'status',
  'progress',
];

/** What stands before the error of a replay that failed in a phase; of one that was interrupted nothing. */
const PHASES: Readonly<Record<string, string>> = {
  '': '',
  start: 'task start: ',
  run: 'task run: ',
  close: 'closing: ',
};

const presentRecording = (recording: registry.Recording): Record<string, JsonValue> => ({
  link: selfLink(linkTo('recordings', recording.id)),
  id: recording.id,
  type: recording.type,
  size: recording.size,
  date: timeText(recording.date),
  error: recording.error,
  status: recording.status,
  progress: recording.progress,
});

const presentReplay = (replay: registry.Replay): Record<string, JsonValue> => ({
  link: selfLink(linkTo('replays', replay.id)),
  id: replay.id,
  task: replay.taskId,
  recording: replay.recordingId,
  'recording-time': replay.recordingTime,
  clock: replay.clock,
  date: timeText(replay.date),
  error: replay.status === 'failed' ? `${PHASES[replay.phase] ?? 'running replay: '}${replay.error}` : '',
  status: replay.status,
  progress: replay.progress,
  stats: new RawJson(replay.statsJson === '' ? '{}' : replay.statsJson),
});

/** What is still under way is answered with 202. */
const answer = (item: Record<string, JsonValue>, status: string): Reply =>
  indented(item, status === 'running' ? 202 : 200);

/** `/kapacitor/v1/recordings` and `/kapacitor/v1/replays`. */
export function recordingRoutes(registryService: Registry): Route[] {
  const route = (method: Route['method'], pattern: string, handler: Handler): Route => ({
    surface: v1Surface,
    method,
    pattern: BASE + pattern,
    handler,
    kind: 'recordings',
  });
  const record = async (order: Partial<registry.CreateRecordingRequest>): Promise<Reply> => {
    const recording = await registryService.createRecording({
      id: '',
      kind: 'stream',
      taskId: '',
      query: '',
      type: '',
      cluster: '',
      legacy: false,
      ...order,
    });
    return indented(presentRecording(recording), 201);
  };
  const replay = async (order: Partial<registry.CreateReplayRequest>): Promise<Reply> => {
    const created = await registryService.createReplay({
      id: '',
      taskId: '',
      recordingId: '',
      recordingTime: false,
      clock: 'fast',
      kind: 'recording',
      start: 0n,
      stop: 0n,
      query: '',
      cluster: '',
      legacy: false,
      ...order,
    });
    return indented(presentReplay(created), 201);
  };
  const common = (body: JsonObject) => ({
    id: body.text('id'),
    taskId: body.text('task'),
    recordingTime: body.flag('recording-time'),
    clock: body.word('clock', ['fast', 'real'], (word) => `unknown Clock ${word}`) ?? 'fast',
  });
  const post = (pattern: string, order: (body: JsonObject) => Promise<Reply>): Route =>
    route('POST', pattern, (exchange) => decodeBody(exchange, plainly, order));
  const idOf = (what: string, { rest }: Exchange): string => {
    if (rest === '') throw badRequest(`must specify ${what} id on path`);
    return rest;
  };
  const all = (exchange: Exchange) => ({ ...pageQuery(exchange.query), ids: [], brief: false });

  return [
    post('/recordings/stream', (body) =>
      record({ kind: 'stream', id: body.text('id'), taskId: body.text('task'), stop: body.time('stop') ?? EARLIEST }),
    ),
    post('/recordings/batch', (body) =>
      record({
        kind: 'batch',
        id: body.text('id'),
        taskId: body.text('task'),
        start: body.time('start'),
        stop: body.time('stop'),
      }),
    ),
    post('/recordings/query', (body) => {
      const type = body.word('type', ['stream', 'batch'], (word) => `unknown TaskType ${word}`) ?? '';
      return record({
        kind: 'query',
        id: body.text('id'),
        query: body.text('query'),
        type,
        cluster: body.text('cluster'),
      });
    }),
    route('GET', '/recordings', async (exchange) => {
      const { recordings } = await registryService.listRecordings(all(exchange));
      return indented({ recordings: selectFields(recordings.map(presentRecording), exchange.query, RECORDING_FIELDS) });
    }),
    route('GET', '/recordings/', async (exchange) => {
      const recording = await registryService.getRecording({ id: idOf('recording', exchange), wait: false });
      return answer(presentRecording(recording), recording.status);
    }),
    route('DELETE', '/recordings/', async (exchange) => {
      await registryService.deleteRecording({ id: idOf('recording', exchange) });
      return noContent;
    }),

    post('/replays', (body) => replay({ ...common(body), kind: 'recording', recordingId: body.text('recording') })),
    post('/replays/batch', (body) =>
      replay({
        ...common(body),
        kind: 'batch',
        start: body.time('start') ?? EARLIEST,
        stop: body.time('stop') ?? EARLIEST,
      }),
    ),
    post('/replays/query', (body) =>
      replay({ ...common(body), kind: 'query', query: body.text('query'), cluster: body.text('cluster') }),
    ),
    route('GET', '/replays', async (exchange) => {
      const { replays } = await registryService.listReplays(all(exchange));
      return indented({ replays: selectFields(replays.map(presentReplay), exchange.query, REPLAY_FIELDS) });
    }),
    route('GET', '/replays/', async (exchange) => {
      const found = await registryService.getReplay({ id: idOf('replay', exchange), wait: false });
      return answer(presentReplay(found), found.status);
    }),
    route('DELETE', '/replays/', async (exchange) => {
      await registryService.deleteReplay({ id: idOf('replay', exchange) });
      return noContent;
    }),
  ];
}
