import { LOG_START, LogUnavailableError, type PointLog } from '@supercap/point-log';
import { decodePipeline } from '@supercap/pipeline';
import type { registry } from '@supercap/protocol';
import type {
  Notifications,
  RecordingOrder,
  RecordingRepository,
  StoredRecording,
  StoredTask,
  TaskRepository,
} from '@supercap/storage';
import { badRequest, notFound, serverError, unavailable } from '@supercap/transport';
import { randomUUID } from 'node:crypto';
import { select } from '../listing';
import { checkId } from '../names';
import type { CompileClient } from '../tasks/compile-client';
import { refusal } from '../tasks/refusals';
import { nanoseconds } from '../tasks/task-message';
import { ended, type JobQueues } from './jobs';

export type RecordingStore = Pick<RecordingRepository, 'create' | 'find' | 'all' | 'delete' | 'setOffset' | 'fail'>;

/** Recordings: ordered here, made by the recorder. */
export class RecordingService {
  constructor(
    private readonly recordings: RecordingStore,
    private readonly tasks: Pick<TaskRepository, 'find'>,
    private readonly compiler: CompileClient,
    private readonly log: Pick<PointLog, 'tail'>,
    private readonly queues: JobQueues,
    private readonly notifications: Pick<Notifications, 'next'>,
  ) {}

  async create(request: registry.CreateRecordingRequest): Promise<registry.Recording> {
    const id = request.id === '' ? randomUUID() : request.id;
    checkId('recording', id);
    checkFileName(id);
    const job = randomUUID();
    const order = await this.order(request, job);
    const type = request.kind === 'query' ? typeOf(request.type) : request.kind === 'batch' ? 'batch' : 'stream';
    // Until the place is known everything is kept that is there now, so that nobody trims it meanwhile.
    const stored = await this.recordings.create(id, type, order, order.kind === 'stream' ? LOG_START : undefined);
    if (stored === undefined) throw serverError('recording already exists');
    try {
      if (order.kind === 'stream') await this.recordings.setOffset(id, await this.tail());
      await this.queues.record(job, id);
    } catch (error) {
      await this.recordings.delete(id).catch(() => undefined);
      throw error;
    }
    return presentRecording(stored);
  }

  /** `wait`: answers when it runs no more. */
  async get({ id, wait }: registry.GetRecordingRequest): Promise<registry.Recording> {
    const find = () => this.recordings.find(id);
    const recording = wait ? await ended(id, find, this.notifications) : await find();
    if (recording === undefined) throw serverError('error finding recording: no recording exists');
    return presentRecording(recording);
  }

  async list(request: registry.ListRequest): Promise<registry.Recording[]> {
    const all = await this.recordings.all();
    const chosen = request.ids.length === 0 ? all : all.filter(({ id }) => request.ids.includes(id));
    return select(chosen, request, ({ id }) => id).map(presentRecording);
  }

  async delete(id: string): Promise<void> {
    await this.recordings.delete(id);
  }

  private async order(request: registry.CreateRecordingRequest, job: string): Promise<RecordingOrder> {
    const { kind, legacy, start, stop, duration } = request;
    const common = { job, legacy };
    if (kind === 'query') {
      if (request.query === '') throw badRequest('must provide query');
      typeOf(request.type);
      return { ...common, kind, query: request.query, cluster: request.cluster };
    }
    const task = await this.task(request.taskId, legacy);
    if (kind === 'batch') {
      if (start === undefined) throw badRequest('must provide start time');
      // A stream task is refused by the recorder: no pipeline is needed for that.
      const pipeline = task.type === 'batch' ? await this.pipeline(task) : '';
      const end = stop ?? BigInt(Date.now()) * 1_000_000n;
      return { ...common, kind, taskType: task.type, pipeline, start: String(start), stop: String(end) };
    }
    if (kind !== 'stream') throw badRequest(`unknown kind of recording ${JSON.stringify(kind)}`);
    const { dbrps } = task;
    if (duration !== undefined) {
      const until = Date.now() + Number(duration / 1_000_000n);
      return { ...common, kind, dbrps, measurements: [], duration: String(duration), until };
    }
    const measurements = task.type === 'stream' ? measurementsOf(await this.pipeline(task)) : [];
    return { ...common, kind, dbrps, measurements, ...stopping(stop ?? 0n) };
  }

  private async task(id: string, legacy: boolean): Promise<StoredTask> {
    const task = await this.tasks.find(id);
    if (task === undefined) throw notFound(legacy ? `unknown task ${id}` : 'no task exists');
    return task;
  }

  private async pipeline(task: StoredTask): Promise<string> {
    try {
      return (await this.compiler.compile(task.id, task)).pipelineJson;
    } catch (error) {
      throw refusal(error);
    }
  }

  private async tail(): Promise<string> {
    try {
      return await this.log.tail();
    } catch (error) {
      if (error instanceof LogUnavailableError) throw unavailable('the write log cannot be reached');
      throw error;
    }
  }
}

/** A stop that is still to come is also one by the clock on the wall: points that are on their way then are waited for. */
const STOP_GRACE_MS = 5000;

function stopping(stop: bigint): { stop: string; until?: number } {
  const wall = Number(stop / 1_000_000n);
  return { stop: String(stop), ...(wall > Date.now() && { until: wall + STOP_GRACE_MS }) };
}

/** Bytes of a file's name that every file system takes, less the ending. */
const MOST_FILE_NAME_BYTES = 255 - '.srpl'.length;

function checkFileName(id: string): void {
  const bytes = Buffer.byteLength(id);
  if (bytes <= MOST_FILE_NAME_BYTES) return;
  throw badRequest(`name of ${bytes} bytes is longer than the limit of ${MOST_FILE_NAME_BYTES}`);
}

function typeOf(type: string): 'stream' | 'batch' {
  if (type !== 'stream' && type !== 'batch') throw badRequest(`invalid type ${JSON.stringify(type)}`);
  return type;
}

/** The measurements that a stream task takes in; empty: all. */
function measurementsOf(pipelineJson: string): string[] {
  const { nodes } = decodePipeline(pipelineJson);
  const sources = new Set(
    nodes.filter(({ kind, parents }) => kind === 'stream' && parents.length === 0).map(({ id }) => id),
  );
  const wanted = nodes
    .filter(({ kind, parents }) => kind === 'from' && parents.some((id) => sources.has(id)))
    .map(({ options }) => options['measurement']);
  const names = wanted.filter((name): name is string => typeof name === 'string' && name !== '');
  return names.length === wanted.length ? [...new Set(names)] : [];
}

function presentRecording(recording: StoredRecording): registry.Recording {
  const { id, type, status, size, error, progress } = recording;
  return { id, type, status, size, date: nanoseconds(recording.date), error, progress };
}
