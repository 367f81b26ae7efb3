import { decodePipeline, type Pipeline } from '@supercap/pipeline';
import { channels, executor } from '@supercap/protocol';
import type { ReplayTiming } from '@supercap/recording';
import type { Notifications, RecordingRepository, ReplayPhase, RunStore, StoredReplay } from '@supercap/storage';
import type { RecordingFiles } from '../files/recording-files';
import type { QueryRecorder } from '../record/query-recorder';
import { INTERRUPTED, messageOf, pause } from '../work';
import type { ExecutorClients } from './executor-clients';
import { ExecutorSession } from './executor-session';
import { missing, OpenError, openRecording, type OpenedRecording } from './opened-recording';
import { Pacer } from './pacer';
import { sendBatches, sendStream } from './sources';

/** A replay that failed, and in which of its parts. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
  constructor(
    readonly phase: ReplayPhase,
    message: string,
  ) {
    super(message);
  }
}

export interface ReplayerServices {
  readonly recordings: Pick<RecordingRepository, 'find'>;
  readonly runs: Pick<RunStore, 'liveExecutors'>;
  readonly notifications: Pick<Notifications, 'next'>;
  readonly files: RecordingFiles;
  readonly queries: QueryRecorder;
  readonly executors: ExecutorClients;
}

const LOOK_MS = 1000;
const EXECUTOR_MS = 10_000;

/** Plays a recording, or what queries give, into a private copy of its task. */
export class Replayer {
  constructor(private readonly services: ReplayerServices) {}

  /** Returns the statistics of the copy as JSON. Throws ReplayError. */
  async run(replay: StoredReplay, signal: AbortSignal): Promise<string> {
    const { order } = replay;
    const pipeline = decodePipeline(order.pipeline);
    const session = new ExecutorSession(await this.executor(signal), {
      replayId: replay.id,
      taskId: replay.taskId,
      type: order.taskType,
      pipelineJson: order.pipeline,
      dbrps: order.dbrps.map(({ db, rp }) => ({ db, rp })),
    });
    const cancel = () => session.cancel();
    signal.addEventListener('abort', cancel);
    try {
      return await this.play(replay, pipeline, session, signal);
    } finally {
      signal.removeEventListener('abort', cancel);
      if (!session.isOver) session.cancel();
    }
  }

  private async play(
    replay: StoredReplay,
    pipeline: Pipeline,
    session: ExecutorSession,
    signal: AbortSignal,
  ): Promise<string> {
    let opened: OpenedRecording;
    try {
      opened = await this.open(replay, signal);
    } catch (error) {
      // What is wrong with the task itself comes first.
      session.end();
      await resultOf(session, ['start']);
      throw error;
    }
    try {
      await this.send(replay, pipeline, opened, session, signal);
      session.end();
    } catch (error) {
      if (session.isOver) await resultOf(session);
      throw error instanceof ReplayError ? error : new ReplayError('replay', messageOf(error));
    } finally {
      await opened.close();
    }
    return resultOf(session);
  }

  private async send(
    { recordingTime, clock }: StoredReplay,
    pipeline: Pipeline,
    opened: OpenedRecording,
    session: ExecutorSession,
    signal: AbortSignal,
  ): Promise<void> {
    const pacer = new Pacer(AbortSignal.any([signal, session.over]));
    const zero = pacer.now();
    const timing: ReplayTiming = { recordingTime, pace: clock };
    if (opened.type === 'stream') return sendStream(opened.points, timing, zero, pacer, session);
    const queries = sourceChildren(pipeline);
    if (opened.queries.length !== queries) {
      throw new ReplayError(
        'replay',
        `unexpected number of batch collectors. exp ${opened.queries.length} got ${queries}`,
      );
    }
    // Recordings hold the query that was defined last first.
    await Promise.all(
      opened.queries.map((batches, i) => sendBatches(batches, queries - 1 - i, timing, zero, pacer, session)),
    );
  }

  private async open(replay: StoredReplay, signal: AbortSignal): Promise<OpenedRecording> {
    const { files, queries } = this.services;
    const { legacy, taskType, source, job, pipeline } = replay.order;
    if (source.kind === 'recording') return this.find(replay, signal);
    const path = files.scratchPath(job);
    const order =
      source.kind === 'query'
        ? { job, legacy, ...source }
        : { job, legacy, kind: source.kind, taskType, pipeline, start: source.start, stop: source.stop };
    try {
      await files.write(path, job, (sink) =>
        queries.record(order, taskType, sink, { signal, alive: async () => true }),
      );
      return await openRecording(path, taskType);
    } catch (error) {
      throw new ReplayError('replay', messageOf(error));
    }
  }

  private async find({ recordingId, order }: StoredReplay, signal: AbortSignal): Promise<OpenedRecording> {
    const { files } = this.services;
    const { legacy, taskType } = order;
    const path = files.path(recordingId, taskType);
    // The newer API takes a file that is none for a failure of the replay itself.
    const unfit = (message: string) =>
      legacy ? new ReplayError('find', message) : new ReplayError('replay', `data source open: ${message}`);
    const recording = await this.lookUp(recordingId, legacy, signal);
    if (recording === undefined) throw unfit(missing(path));
    // One that ended before its time may be played as far as it goes.
    if (recording.status === 'failed' && recording.size < 0n) throw unfit(recording.error);
    if (recording.status === 'running') throw unfit(recording.type === 'stream' ? 'EOF' : 'zip: not a valid zip file');
    if (legacy && recording.type !== taskType) {
      throw unfit('found recording of wrong type, check task type matches recording.');
    }
    try {
      return await openRecording(files.path(recordingId, recording.type), taskType);
    } catch (error) {
      if (error instanceof OpenError) throw unfit(error.message);
      throw new ReplayError('replay', messageOf(error));
    }
  }

  /** Clients of the 2016 API believe that a recording is complete once it is ordered: for them it is waited for. */
  private async lookUp(id: string, wait: boolean, signal: AbortSignal) {
    const { recordings, notifications } = this.services;
    for (;;) {
      const heard = notifications.next(channels.jobs, id, LOOK_MS);
      const recording = await recordings.find(id);
      if (recording?.status !== 'running' || !wait) return recording;
      await heard;
      if (signal.aborted) throw new ReplayError('', INTERRUPTED);
    }
  }

  /** Any executor can do it. */
  private async executor(signal: AbortSignal): Promise<executor.ExecutorClient> {
    const until = Date.now() + EXECUTOR_MS;
    for (;;) {
      const live = await this.services.runs.liveExecutors();
      const chosen = live[Math.floor(Math.random() * live.length)];
      if (chosen !== undefined) {
        // One that was killed a moment ago counts as live until its lease is over.
        const client = await this.services.executors.reach(chosen.address, LOOK_MS);
        if (client !== undefined) return client;
      }
      if (Date.now() > until || signal.aborted) throw new ReplayError('replay', 'no stream executor can be reached');
      await pause(LOOK_MS, signal);
    }
  }
}

/** Throws what the executor says is wrong, of these phases (any, unless given). */
async function resultOf(session: ExecutorSession, phases?: readonly string[]): Promise<string> {
  let result: executor.ReplayResult;
  try {
    result = await session.result;
  } catch (error) {
    throw new ReplayError('run', messageOf(error));
  }
  if (result.phase !== '' && (phases === undefined || phases.includes(result.phase))) {
    throw new ReplayError(result.phase as ReplayPhase, result.error);
  }
  return result.statsJson;
}

function sourceChildren({ nodes, type }: Pipeline): number {
  return nodes.find(({ kind, parents }) => kind === type && parents.length === 0)?.children.length ?? 0;
}
