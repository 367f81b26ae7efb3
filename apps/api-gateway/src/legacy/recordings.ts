import type { registry } from '@supercap/protocol';
import { badRequest, HttpError, notFound, serverError } from '@supercap/transport';
import { empty, indented, type Exchange, type Handler } from '../http/exchange';
import type { JsonValue } from '../http/json';
import type { Registry } from '../services';
import { timeText } from '../v1/common';
import { booleanParameter, parseLegacyDuration, timeParameter } from './parameters';
import { quote } from './quote';
import { findTask } from './tasks';

function presentRecording(recording: registry.Recording): JsonValue {
  const failed = recording.status === 'failed';
  return {
    ID: recording.id,
    Type: recording.type === 'batch' ? 1 : 0,
    Size: recording.status === 'finished' && recording.size > 0n ? recording.size : undefined,
    Created: timeText(failed ? 0n : recording.date),
    Error: failed ? recording.error : undefined,
  };
}

const nothingMore = { query: '', type: '', cluster: '', id: '', taskId: '', legacy: true };

/** Recordings and replays of the 2016 API, by method and path. */
export function legacyRecordings(registryService: Registry): Readonly<Record<string, Handler>> {
  const namedTask = async ({ query }: Exchange): Promise<string> => {
    const name = query.get('name');
    if (name === undefined) throw badRequest('no task specified');
    await findTask(registryService, name);
    return name;
  };

  const orders: Readonly<Record<string, (exchange: Exchange) => Promise<registry.CreateRecordingRequest>>> = {
    stream: async (exchange) => {
      const taskId = await namedTask(exchange);
      const duration = parseLegacyDuration(exchange.query.get('duration') ?? '');
      if (duration === undefined) throw badRequest('invalid duration string: invalid duration');
      return { ...nothingMore, kind: 'stream', taskId, duration };
    },
    batch: async (exchange) => {
      const { query } = exchange;
      if (query.get('start') !== undefined && query.get('past') !== undefined) {
        throw badRequest("must not pass both 'start' and 'past' parameters");
      }
      const now = BigInt(Date.now()) * 1_000_000n;
      let start = timeParameter(query, 'start');
      const past = query.get('past');
      if (past !== undefined) {
        const duration = parseLegacyDuration(past);
        if (duration === undefined) throw badRequest('invalid duration');
        start = now - duration;
      }
      const stop = timeParameter(query, 'stop') ?? now;
      const taskId = await namedTask(exchange);
      if (start === undefined) throw badRequest("must pass one of the 'start' and 'past' parameters");
      return { ...nothingMore, kind: 'batch', taskId, start, stop };
    },
    query: async ({ query }) => {
      const text = query.get('query');
      if (text === undefined) throw badRequest('must pass query parameter');
      const type = query.get('ttype');
      if (type !== 'stream' && type !== 'batch') throw badRequest(`invalid type ${quote(type ?? '')}`);
      return { ...nothingMore, kind: 'query', query: text, type };
    },
  };

  return {
    'POST /record': async (exchange) => {
      const type = exchange.query.get('type') ?? '';
      const order = Object.hasOwn(orders, type) ? orders[type] : undefined;
      if (order === undefined) throw badRequest('invalid recording type');
      const { id } = await registryService.createRecording(await order(exchange));
      return indented({ RecordingID: id });
    },
    'GET /record': async (exchange) => {
      const request = { id: exchange.query.get('id') ?? '', wait: true };
      try {
        const recording = await exchange.whileConnected((signal) => registryService.getRecording(request, signal));
        return indented(presentRecording(recording));
      } catch (error) {
        if (error instanceof HttpError && /no recording exists/.test(error.message))
          throw notFound('recording not found');
        throw error;
      }
    },
    'GET /recordings': async ({ query }) => {
      const wanted = query.get('rids')?.split(',');
      const { recordings } = await registryService.listRecordings({
        pattern: '',
        offset: 0,
        limit: -1,
        ids: [],
        brief: true,
      });
      const shown = recordings
        .filter(({ id, status }) => status !== 'failed' && (wanted === undefined || wanted.includes(id)))
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      return indented({ Recordings: shown.map(presentRecording) });
    },
    'DELETE /recording': async ({ query }) => {
      await registryService.deleteRecording({ id: query.get('rid') ?? '' });
      return empty;
    },
    // Answers when the last point has passed and all handlers have run.
    'POST /replay': async (exchange) => {
      const { query } = exchange;
      const { id } = await registryService.createReplay({
        id: '',
        taskId: query.get('name') ?? '',
        recordingId: query.get('id') ?? '',
        recordingTime: booleanParameter(query, 'rec-time'),
        clock: query.get('clock') ?? 'wall',
        kind: 'recording',
        legacy: true,
        start: 0n,
        stop: 0n,
        query: '',
        cluster: '',
      });
      const replay = await exchange.whileConnected((signal) => registryService.getReplay({ id, wait: true }, signal));
      if (replay.status === 'failed') throw replayError(replay);
      return empty;
    },
  };
}

/** How a failed replay is told, by the part of it that failed. */
export function replayError({ phase, error }: registry.Replay): HttpError {
  switch (phase) {
    case 'load':
      return notFound(`task load: ${error}`);
    case 'start':
      return badRequest(`task start: ${error}`);
    case 'find':
      return notFound(`replay find: ${error}`);
    case 'run':
      return serverError(`task run: ${error}`);
    case 'close':
      return serverError(`closing: ${error}`);
    default:
      return serverError(`replay: ${error}`);
  }
}
