import { EntryFormatError, EntryReader } from '@supercap/line-protocol';
import type { PointLog } from '@supercap/point-log';
import { compressStream, formatRecordedPoint } from '@supercap/recording';
import type { RecordingRepository, StoredRecording } from '@supercap/storage';
import type { Logger } from '@supercap/telemetry';
import { open } from 'node:fs/promises';
import { openToContinue, piecesOf, type RecordingFiles } from '../files/recording-files';
import { AbandonedError, messageOf, PausedError } from '../work';
import { PointLimit, type StreamOrder } from './point-limit';
import { RecordedText, TextFileError } from './recorded-text';

const SAVE_MS = 1000;
const ENTRIES = 64;
/** Text that is not on disk yet; beyond this reading waits. */
const MOST_PENDING = 4 * 1024 * 1024;
/** A recording that begins so long after its end was interrupted: how far it went is told by the log. */
const LATE_MS = 2000;
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface StreamRecorderServices {
  readonly log: Pick<PointLog, 'readFrom' | 'range' | 'tail' | 'checkOffset'>;
  readonly recordings: Pick<RecordingRepository, 'save' | 'isMine'>;
  readonly files: RecordingFiles;
  readonly logger: Logger;
  /** Milliseconds since the epoch. */
  now(): number;
}

interface Entry {
  readonly offset: string;
  readonly entry: Uint8Array;
}

/**
 * Records one stream from the write log. Its text grows in a file of its own; every second the place in the log and the
 * length of the text that belongs to it are saved together, so that after a crash it goes on without a gap or a double.
 */
export class StreamRecorder {
  private readonly entries = new EntryReader();
  private readonly limit: PointLimit;
  private readonly stopping = new AbortController();
  private offset: string;
  private ended = false;
  private text!: RecordedText;
  private saving: Promise<void> = Promise.resolve();
  private saved: string;
  private failure: unknown;

  constructor(
    private readonly recording: StoredRecording,
    private readonly order: StreamOrder,
    private readonly worker: string,
    private readonly services: StreamRecorderServices,
  ) {
    const { state, offset } = recording;
    this.limit = new PointLimit(order, state.first === undefined ? undefined : BigInt(state.first));
    this.offset = offset ?? '0-0';
    this.saved = this.offset;
    this.ended = state.ended ?? false;
  }

  /** Records until the end; returns the size of the file. Throws PausedError when `signal` is aborted, AbandonedError. */
  async run(signal: AbortSignal): Promise<bigint> {
    const { files } = this.services;
    const path = files.textPath(this.order.job);
    this.text = await RecordedText.open(await openToContinue(path), this.recording.state.written ?? 0);
    const stop = () => this.stopping.abort();
    signal.addEventListener('abort', stop);
    const timer = setInterval(() => this.saveSoon(), SAVE_MS);
    try {
      if (!this.ended) await this.record();
      clearInterval(timer);
      await this.saving;
      if (this.failure !== undefined) throw this.failure;
      await this.save();
      if (!this.ended) throw new PausedError();
    } finally {
      clearInterval(timer);
      signal.removeEventListener('abort', stop);
      await this.saving;
      await this.text.close();
    }
    return files.write(files.path(this.recording.id, 'stream'), this.order.job, async (sink) => {
      for await (const piece of compressStream(piecesOf(await open(path, 'r')))) await sink(piece);
    });
  }

  private async record(): Promise<void> {
    const { log, now } = this.services;
    const { until } = this.order;
    if (until !== undefined && now() > until + LATE_MS) {
      await log.checkOffset(this.offset);
      await this.readUpTo(String(until));
      this.ended = !this.stopping.signal.aborted;
      return;
    }
    const reading = new AbortController();
    const cancel = this.atWallEnd(() => reading.abort());
    try {
      const signal = AbortSignal.any([reading.signal, this.stopping.signal]);
      for await (const entries of log.readFrom(this.offset, { signal, count: ENTRIES })) {
        await this.takeAll(entries);
        if (this.ended || signal.aborted) break;
      }
    } finally {
      cancel();
    }
    if (this.ended || this.stopping.signal.aborted) return;
    // The wall time is over: what was written up to now still belongs to it.
    await this.readUpTo(await log.tail());
    this.ended = !this.stopping.signal.aborted;
  }

  private atWallEnd(end: () => void): () => void {
    const { until } = this.order;
    if (until === undefined) return () => undefined;
    let timer: NodeJS.Timeout;
    const wait = () => {
      const left = until - this.services.now();
      if (left <= 0) end();
      else timer = setTimeout(wait, Math.min(left, MAX_TIMER_MS));
    };
    wait();
    return () => clearTimeout(timer);
  }

  private async readUpTo(last: string): Promise<void> {
    while (!this.ended && !this.stopping.signal.aborted) {
      const entries = await this.services.log.range(this.offset, last, ENTRIES);
      if (entries.length === 0) return;
      await this.takeAll(entries);
    }
  }

  private async takeAll(entries: readonly Entry[]): Promise<void> {
    for (const entry of entries) {
      this.take(entry);
      if (this.ended) return;
    }
    if (this.text.pending > MOST_PENDING) await this.saveSoon();
  }

  private take({ offset, entry: bytes }: Entry): void {
    const { limit } = this;
    try {
      const entry = this.entries.read(bytes);
      if (limit.takesFrom(entry.db, entry.rp)) {
        entry.forEach((block, row) => {
          if (this.ended || !limit.takes(block.name)) return;
          const point = block.pointAt(row);
          if (limit.admit(point)) this.text.append(formatRecordedPoint(point));
          else this.ended = true;
        });
      }
    } catch (error) {
      if (!(error instanceof EntryFormatError)) throw error;
      this.services.logger.error(
        { recording: this.recording.id, offset, err: error.message },
        'an entry of the write log cannot be read',
      );
    }
    this.offset = offset;
  }

  private saveSoon(): Promise<void> {
    this.saving = this.saving
      .then(() => this.save())
      .catch((error: unknown) => {
        if (error instanceof AbandonedError || error instanceof TextFileError) {
          this.failure ??= error;
          this.stopping.abort();
        } else {
          // The database is away: the next time.
          this.services.logger.warn(
            { recording: this.recording.id, err: messageOf(error) },
            'the state of a recording could not be saved',
          );
        }
      });
    return this.saving;
  }

  private async save(): Promise<void> {
    const { offset, limit } = this;
    if (offset === this.saved && this.text.pending === 0) {
      if (!(await this.services.recordings.isMine(this.recording.id, this.worker))) throw new AbandonedError();
      return;
    }
    const known = {
      ...(limit.first !== undefined && { first: String(limit.first) }),
      ...(this.ended && { ended: true }),
    };
    const written = await this.text.flush();
    const { id } = this.recording;
    if (!(await this.services.recordings.save(id, this.worker, offset, { written, ...known })))
      throw new AbandonedError();
    this.saved = offset;
  }
}
