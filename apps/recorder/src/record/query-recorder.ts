import type { Batch } from '@supercap/data-model';
import { InfluxqlError, parseQuery, soleSource } from '@supercap/influxql';
import { batchQueriesOf, type BatchQuery } from '@supercap/nodes';
import { decodePipeline, type Pipeline } from '@supercap/pipeline';
import { BatchRecordingWriter, compressStream, formatRecordedPoint } from '@supercap/recording';
import type { RecordingOrder, RecordingType } from '@supercap/storage';
import type { InfluxQueries } from '../influx/influx-query';
import { batchOf, mergedPoints } from '../influx/result-batches';
import { AbandonedError, messageOf, PausedError } from '../work';

export type QueryOrder = Exclude<RecordingOrder, { kind: 'stream' }>;
type BatchOrder = Extract<RecordingOrder, { kind: 'batch' }>;

export interface Attendance {
  readonly signal: AbortSignal;
  /** False: nobody wants it any more. */
  alive(): Promise<boolean>;
}

type Sink = (bytes: Uint8Array) => Promise<void>;

const NOT_CONFIGURED = 'InfluxDB not configured, cannot record batch query';

/** Records what queries give: those of a batch task over a range of time, or a single one. */
export class QueryRecorder {
  constructor(
    private readonly influx: InfluxQueries,
    private readonly now: () => bigint,
  ) {}

  /** Writes the whole file. Throws what the recording fails for, PausedError or AbandonedError. */
  async record(order: QueryOrder, type: RecordingType, sink: Sink, attendance: Attendance): Promise<void> {
    if (order.kind === 'batch') return this.recordTask(order, sink, attendance);
    const source = sourceOf(order.query);
    this.influx.require(order.cluster, NOT_CONFIGURED);
    const series = await this.ask(order.query, order.legacy, attendance.signal);
    const batches = series.map((one) => batchOf(one, { byName: false, ...source, end: undefined }));
    if (type === 'batch') {
      const writer = new BatchRecordingWriter(sink);
      await writer.add(each(batches.filter(({ points }) => points.length > 0)));
      await writer.end();
      return;
    }
    for await (const piece of compressStream(textOf(batches))) await sink(piece);
  }

  private async recordTask(order: BatchOrder, sink: Sink, attendance: Attendance): Promise<void> {
    if (order.taskType !== 'batch') throw new Error('wrong task type');
    const queries = queriesOf(decodePipeline(order.pipeline));
    for (const { cluster } of queries) this.influx.require(cluster, NOT_CONFIGURED);
    const writer = new BatchRecordingWriter(sink);
    for (const query of queries) await writer.add(this.batches(query, order, attendance));
    await writer.end();
  }

  private async *batches(query: BatchQuery, order: BatchOrder, { signal, alive }: Attendance): AsyncGenerator<Batch> {
    for (const range of order.legacy ? this.legacyRanges(query, order) : this.ranges(query, order)) {
      if (!(await alive())) throw new AbandonedError();
      const end = query.groupsByTime ? undefined : range.stop;
      for (const series of await this.ask(query.textFor(range), order.legacy, signal)) {
        const batch = batchOf(series, { byName: query.byName, db: '', rp: '', end });
        yield batch.points.length === 0
          ? batchOf(series, { byName: query.byName, db: '', rp: '', end: range.stop })
          : batch;
      }
    }
  }

  /** The ranges that the task's schedule would have asked for. */
  private *ranges(query: BatchQuery, { start, stop }: BatchOrder): Generator<Range> {
    for (const time of query.schedule.between(BigInt(start), BigInt(stop), this.now())) yield query.rangeAt(time);
  }

  /** As in 2016: from each step of the schedule on. */
  private *legacyRanges({ schedule, period }: BatchQuery, { start, stop }: BatchOrder): Generator<Range> {
    const end = BigInt(stop);
    for (let time = schedule.next(BigInt(start)); time !== undefined && time <= end; time = schedule.next(time)) {
      if (time + period > this.now()) return;
      yield { start: time, stop: time + period };
    }
  }

  private async ask(text: string, legacy: boolean, signal: AbortSignal) {
    try {
      return await this.influx.query(text, signal);
    } catch (error) {
      if (signal.aborted) throw new PausedError();
      throw new Error(legacy ? messageOf(error) : `InfluxDB query failed: ${messageOf(error)}`);
    }
  }
}

interface Range {
  readonly start: bigint;
  readonly stop: bigint;
}

/** The queries of a task, the one that was defined last first. */
function queriesOf(pipeline: Pipeline): BatchQuery[] {
  const other = pipeline.nodes.find(({ kind }) => kind === 'queryFlux');
  if (other !== undefined) throw new Error(`${other.name}: Flux queries cannot be recorded in this version`);
  return batchQueriesOf(pipeline)
    .sort((a, b) => b.child - a.child)
    .map(({ query }) => query);
}

/** Where a query reads from. */
function sourceOf(text: string): { db: string; rp: string } {
  let statements;
  try {
    statements = parseQuery(text);
  } catch (error) {
    if (error instanceof InfluxqlError) throw new Error(error.message);
    throw error;
  }
  const [only] = statements;
  const source = statements.length === 1 && only?.kind === 'select' ? soleSource(only) : undefined;
  if (source === undefined) {
    throw new Error('could not determine database and retention policy. Is the query fully qualified?');
  }
  return source;
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

async function* textOf(batches: readonly Batch[]): AsyncGenerator<Buffer> {
  for (const point of mergedPoints(batches)) yield Buffer.from(formatRecordedPoint(point));
}
