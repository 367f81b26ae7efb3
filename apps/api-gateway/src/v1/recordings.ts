import type { registry } from '@supercap/protocol';
import { parseTime } from '@supercap/data-model';
import { badRequest } from '@supercap/transport';
import { indented, noContent, type Exchange, type Handler, type Reply } from '../http/exchange';
import { RawJson, type JsonValue } from '../http/json';
import { v1Surface, type Route } from '../http/routes';
import type { Registry } from '../services';
import { BASE, jsonBody, linkTo, pageQuery, selectFields, selfLink, timeText } from './common';

const RECORDING_FIELDS = ['link', 'id', 'type', 'size', 'date', 'error', 'status', 'progress'];
const REPLAY_FIELDS = ['link', 'id', 'recording', 'task', 'recording-time', 'clock', 'date', 'error', 'status', 'progress'];

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
  error: replay.error,
  status: replay.status,
  progress: replay.progress,
  stats: new RawJson(replay.statsJson === '' ? '{}' : replay.statsJson),
});

/** What is still under way is answered with 202. */
const answer = (item: Record<string, JsonValue>, status: string): Reply =>
  indented(item, status === 'running' ? 202 : 200);

/** Members of a request's body, by the type that they must have. */
class Members {
  private constructor(private readonly body: Readonly<Record<string, unknown>>) {}

  static async of(exchange: Exchange): Promise<Members> {
    return new Members(await jsonBody(exchange, (detail) => detail));
  }

  text(name: string): string {
    const value = this.body[name] ?? '';
    if (typeof value !== 'string') throw badRequest(`json: cannot unmarshal ${typeof value} into Go struct field .${name} of type string`);
    return value;
  }

  flag(name: string): boolean {
    const value = this.body[name] ?? false;
    if (typeof value !== 'boolean') throw badRequest(`json: cannot unmarshal ${typeof value} into Go struct field .${name} of type bool`);
    return value;
  }

  time(name: string): bigint | undefined {
    const text = this.text(name);
    if (text === '') return undefined;
    const time = parseTime(text);
    if (time === undefined) {
      throw badRequest(`parsing time ${JSON.stringify(JSON.stringify(text))} as ${JSON.stringify('"2006-01-02T15:04:05Z07:00"')}: cannot parse ${JSON.stringify(`${text}"`)} as "2006"`);
    }
    return time;
  }

  word(name: string, words: readonly string[], fallback: string, message: (word: string) => string): string {
    const word = this.text(name);
    if (word === '') return fallback;
    if (!words.includes(word)) throw badRequest(message(word));
    return word;
  }
}

const nowNs = () => BigInt(Date.now()) * 1_000_000n;

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
  const common = (body: Members) => ({
    id: body.text('id'),
    taskId: body.text('task'),
    recordingTime: body.flag('recording-time'),
    clock: body.word('clock', ['fast', 'real'], 'fast', (word) => `unknown Clock ${word}`),
  });
  const all = (exchange: Exchange) => ({ ...pageQuery(exchange.query), ids: [], brief: false });

  return [
    route('POST', '/recordings/stream', async (exchange) => {
      const body = await Members.of(exchange);
      return record({ kind: 'stream', id: body.text('id'), taskId: body.text('task'), stop: body.time('stop') ?? 0n });
    }),
    route('POST', '/recordings/batch', async (exchange) => {
      const body = await Members.of(exchange);
      const start = body.time('start');
      if (start === undefined) throw badRequest('must provide start time');
      return record({ kind: 'batch', id: body.text('id'), taskId: body.text('task'), start, stop: body.time('stop') ?? nowNs() });
    }),
    route('POST', '/recordings/query', async (exchange) => {
      const body = await Members.of(exchange);
      const query = body.text('query');
      if (query === '') throw badRequest('must provide query');
      const type = body.word('type', ['stream', 'batch'], '', (word) => `unknown TaskType ${word}`);
      if (type === '') throw badRequest('must provide type, stream or batch');
      return record({ kind: 'query', id: body.text('id'), query, type, cluster: body.text('cluster') });
    }),
    route('GET', '/recordings', async (exchange) => {
      const { recordings } = await registryService.listRecordings(all(exchange));
      return indented({ recordings: selectFields(recordings.map(presentRecording), exchange.query, RECORDING_FIELDS) });
    }),
    route('GET', '/recordings/', async ({ rest }) => {
      const recording = await registryService.getRecording({ id: rest, wait: false });
      return answer(presentRecording(recording), recording.status);
    }),
    route('DELETE', '/recordings/', async ({ rest }) => {
      await registryService.deleteRecording({ id: rest });
      return noContent;
    }),

    route('POST', '/replays', async (exchange) => {
      const body = await Members.of(exchange);
      return replay({ ...common(body), kind: 'recording', recordingId: body.text('recording') });
    }),
    route('POST', '/replays/batch', async (exchange) => {
      const body = await Members.of(exchange);
      return replay({ ...common(body), kind: 'batch', start: body.time('start') ?? 0n, stop: body.time('stop') ?? 0n });
    }),
    route('POST', '/replays/query', async (exchange) => {
      const body = await Members.of(exchange);
      const query = body.text('query');
      if (query === '') throw badRequest('must provide query');
      return replay({ ...common(body), kind: 'query', query, cluster: body.text('cluster') });
    }),
    route('GET', '/replays', async (exchange) => {
      const { replays } = await registryService.listReplays(all(exchange));
      return indented({ replays: selectFields(replays.map(presentReplay), exchange.query, REPLAY_FIELDS) });
    }),
    route('GET', '/replays/', async ({ rest }) => {
      const found = await registryService.getReplay({ id: rest, wait: false });
      return answer(presentReplay(found), found.status);
    }),
    route('DELETE', '/replays/', async ({ rest }) => {
      await registryService.deleteReplay({ id: rest });
      return noContent;
    }),
  ];
}
