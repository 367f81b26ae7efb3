import type { registry } from '@supercap/protocol';
import type {
  Notifications,
  RecordingRepository,
  ReplayOrder,
  ReplayRepository,
  StoredReplay,
  StoredTask,
  TaskRepository,
} from '@supercap/storage';
import { badRequest, HttpError, notFound, serverError } from '@supercap/transport';
import { randomUUID } from 'node:crypto';
import { select } from '../listing';
import { checkId, isId } from '../names';
import { CompileRefusal, type CompileClient } from '../tasks/compile-client';
import { nanoseconds } from '../tasks/task-message';
import { ended, type JobQueues } from './jobs';

export type ReplayStore = Pick<ReplayRepository, 'create' | 'find' | 'all'> & { delete(id: string): Promise<unknown> };

/** Replays: ordered here, done by the recorder. */
export class ReplayService {
  constructor(
    private readonly replays: ReplayStore,
    private readonly recordings: Pick<RecordingRepository, 'find'>,
    private readonly tasks: Pick<TaskRepository, 'find'>,
    private readonly compiler: CompileClient,
    private readonly queues: JobQueues,
    private readonly notifications: Pick<Notifications, 'next'>,
  ) {}

  async create(request: registry.CreateReplayRequest): Promise<registry.Replay> {
    const { kind, legacy, taskId, recordingId, recordingTime } = request;
    const id = request.id === '' ? randomUUID() : request.id;
    checkReplayId(id, kind);
    const task = await this.tasks.find(taskId);
    if (task === undefined) throw notFound(`task load: ${legacy ? `unknown task ${taskId}` : 'no task exists'}`);
    const clock = clockOf(request);
    const source = sourceOf(request, task);
    // The 2016 API says what is wrong with the script first: there the recorder looks for the recording.
    if (kind === 'recording' && !legacy && (await this.recordings.find(recordingId)) === undefined) {
      throw notFound('recording not found: no recording exists');
    }
    const job = randomUUID();
    const pipeline = await this.pipeline(task, legacy);
    const order: ReplayOrder = { job, legacy, taskType: task.type, pipeline, dbrps: task.dbrps, source };
    const stored = await this.replays.create(
      { id, taskId, recordingId, recordingTime, clock, order },
      kind === 'recording',
    );
    if (stored === undefined) throw serverError('replay already exists');
    try {
      await this.queues.replay(job, id);
    } catch (error) {
      await this.replays.delete(id).catch(() => undefined);
      throw error;
    }
    return presentReplay(stored);
  }

  /** `wait`: answers when it runs no more. */
  async get({ id, wait }: registry.GetReplayRequest): Promise<registry.Replay> {
    const find = () => this.replays.find(id);
    const replay = wait ? await ended(id, find, this.notifications) : await find();
    if (replay === undefined) throw notFound('could not find replay: no replay exists');
    return presentReplay(replay);
  }

  async list(request: registry.ListRequest): Promise<registry.Replay[]> {
    return select(await this.replays.all(), request, ({ id }) => id).map(presentReplay);
  }

  async delete(id: string): Promise<void> {
    await this.replays.delete(id);
  }

  private async pipeline(task: StoredTask, legacy: boolean): Promise<string> {
    try {
      return (await this.compiler.compile(task.id, task)).pipelineJson;
    } catch (error) {
      if (!(error instanceof CompileRefusal)) throw error;
      throw new HttpError(legacy ? 404 : 400, `task load: ${error.message}`);
    }
  }
}

function checkReplayId(id: string, kind: string): void {
  if (kind === 'recording') return checkId('replay', id);
  if (!isId(id)) throw badRequest(`replay ID must match ^[-\\._\\p{L}0-9]+$ ${JSON.stringify(id)}`);
}

function clockOf({ clock, legacy }: registry.CreateReplayRequest): 'fast' | 'real' {
  if (clock === 'fast' || (clock === 'real' && !legacy)) return clock;
  if (legacy && (clock === '' || clock === 'wall')) return 'real';
  if (clock === '') return 'fast';
  throw badRequest(legacy ? `invalid clock ${JSON.stringify(clock)}` : `unknown Clock ${clock}`);
}

function sourceOf(request: registry.CreateReplayRequest, task: StoredTask): ReplayOrder['source'] {
  switch (request.kind) {
    case 'recording':
      return { kind: 'recording' };
    case 'batch':
      if (task.type !== 'batch') throw badRequest(`cannot replay batch against stream task: ${task.id}`);
      return { kind: 'batch', start: String(request.start), stop: String(request.stop) };
    case 'query':
      if (request.query === '') throw badRequest('must provide query');
      return { kind: 'query', query: request.query, cluster: request.cluster };
    default:
      throw badRequest(`unknown kind of replay ${JSON.stringify(request.kind)}`);
  }
}

function presentReplay(replay: StoredReplay): registry.Replay {
  const { id, taskId, recordingId, recordingTime, clock, error, phase, status, progress, stats } = replay;
  const date = nanoseconds(replay.date);
  return { id, taskId, recordingId, recordingTime, clock, date, error, phase, status, progress, statsJson: stats };
}
