import { EntryFormatError, EntryReader, type Entry } from '@supercap/line-protocol';
import { OffsetTrimmedError, type LogEntry, type PointLog } from '@supercap/point-log';
import { compressStream } from '@supercap/recording';
import type { RecordingRepository, StoredRecording } from '@supercap/storage';
import type { Logger } from '@supercap/telemetry';
import { open } from 'node:fs/promises';
import type { RecordingFiles } from '../files/recording-files';
import { AbandonedError, CutShortError, messageOf, PausedError } from '../work';
import { PointLimit, type StreamOrder } from './point-limit';
import { recordedText } from './recorded-points';
import { Spool, spooledEntries, SpoolError } from './spool';

const SAVE_MS = 1000;
const ENTRIES = 64;
/** Entries that are not in the file yet; beyond this reading waits. */
const MOST_PENDING = 4 * 1024 * 1024;
/** What was taken and is not noted holds the log: beyond this it is noted before its time. */
const MOST_UNSAVED = 32 * 1024 * 1024;
/** A recording that begins so long after its end was interrupted: how far it went is told by the log. */
const LATE_MS = 2000;
const MAX_TIMER_MS = 2 ** 31 - 1;

const OVERTAKEN = 'the recording fell too far behind the writes';

export interface RecordingLimits {
  /** Of what is taken from the log for one recording. */
  readonly bytes: number;
  /** Of all files in the folder. */
  readonly folderBytes: number;
  readonly milliseconds: number;
}

export interface StreamRecorderServices {
  readonly log: Pick<PointLog, 'readFrom' | 'range' | 'tail' | 'checkOffset'>;
  readonly recordings: Pick<RecordingRepository, 'save' | 'isMine'>;
  readonly files: RecordingFiles;
  readonly limits: RecordingLimits;
  readonly logger: Logger;
  /** Milliseconds since the epoch. */
  now(): number;
}

/**
 * Records one stream from the write log. Entries are spooled to a file; every second the place in the log and the length of
 * the spool that belongs to it are saved together, so that after a crash it goes on without a gap or a double. When nothing
 * more belongs to it, the log is let go and the file is made of the spool.
 */
export class StreamRecorder {
  private readonly entries = new EntryReader();
  private readonly limit: PointLimit;
  private readonly stopping = new AbortController();
  private offset: string;
  private ended: boolean;
  /** Why it ended before its time; what it has is kept. */
  private cut: string | undefined;
  private spool!: Spool;
  private saving: Promise<void> = Promise.resolve();
  private isSaving = false;
  private saved: { readonly offset: string; readonly written: number };
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
    this.saved = { offset: this.offset, written: state.written ?? 0 };
    this.ended = state.ended ?? false;
    this.cut = state.cut;
    // The log was not held for it any more before it said that it had ended.
    if (offset === null && !this.ended) this.cutShort(OVERTAKEN);
  }

  /**
   * Records until the end; returns the size of the file. Throws PausedError when `signal` is aborted, AbandonedError, and
   * CutShortError when it ended before its time.
   */
  async run(signal: AbortSignal): Promise<bigint> {
    const path = this.services.files.spoolPath(this.order.job);
    const length = await this.fill(path, signal);
    let size = -1n;
    try {
      size = await this.makeFile(path, length);
    } catch (error) {
      if (this.cut === undefined || error instanceof AbandonedError) throw error;
      this.services.logger.warn(
        { recording: this.recording.id, err: messageOf(error) },
        'what was recorded could not be kept',
      );
    }
    if (this.cut !== undefined) throw new CutShortError(this.cut, size);
    return size;
  }

  /** Returns how much of the spool belongs to the recording. */
  private async fill(path: string, signal: AbortSignal): Promise<number> {
    this.spool = await Spool.open(path, this.saved.written);
    const stop = () => this.stopping.abort();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    const timer = setInterval(() => void this.saveSoon(), SAVE_MS);
    try {
      if (!this.ended) await this.record();
      clearInterval(timer);
      await this.saving;
      if (this.failure !== undefined) throw this.failure;
      // It had ended already where it was interrupted while its file was made.
      if (this.recording.state.ended !== true) await this.saveEnd();
      if (!this.ended) throw new PausedError();
      return this.cut === OVERTAKEN ? this.saved.written : this.spool.inFile;
    } finally {
      clearInterval(timer);
      signal.removeEventListener('abort', stop);
      await this.saving;
      await this.spool.close();
    }
  }

  private async makeFile(path: string, length: number): Promise<bigint> {
    const { files, logger, recordings } = this.services;
    const { id } = this.recording;
    const { first } = this.limit;
    const unreadable = (error: EntryFormatError) =>
      logger.error({ recording: id, err: error.message }, 'an entry of the write log cannot be read');
    const spool = await open(path, 'r');
    let looked = this.services.now();
    try {
      const text = recordedText(spooledEntries(spool, length), new PointLimit(this.order, first), unreadable);
      return await files.write(files.path(id, 'stream'), this.order.job, async (sink) => {
        for await (const piece of compressStream(text)) {
          await sink(piece);
          if (this.services.now() - looked < SAVE_MS) continue;
          looked = this.services.now();
          if (!(await recordings.isMine(id, this.worker).catch(() => true))) throw new AbandonedError();
        }
      });
    } finally {
      await spool.close();
    }
  }

  private async record(): Promise<void> {
    const { log, now, limits } = this.services;
    const latest = this.recording.date.getTime() + limits.milliseconds;
    const { until = Infinity } = this.order;
    const end = Math.min(until, latest);
    try {
      if (now() > end + LATE_MS) {
        await log.checkOffset(this.offset);
        await this.readUpTo(String(end));
      } else {
        await this.follow(end);
      }
    } catch (error) {
      if (error instanceof OffsetTrimmedError) this.cutShort(OVERTAKEN);
      else if (error instanceof SpoolError) this.cutShort(error.message);
      else throw error;
    }
    if (this.stopping.signal.aborted || this.ended) return;
    if (latest < until) this.cutShort(`the recording took longer than ${limits.milliseconds / 1000} s`);
    this.ended = true;
  }

  /** Reads as points come, until it has ended, or to the tail of the log at that time of the wall's clock. */
  private async follow(until: number): Promise<void> {
    const { log } = this.services;
    const reading = new AbortController();
    const cancel = this.at(until, () => reading.abort());
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
    // What was written up to now still belongs to it.
    await this.readUpTo(await log.tail());
  }

  private at(time: number, end: () => void): () => void {
    let timer: NodeJS.Timeout | undefined;
    const wait = () => {
      const left = time - this.services.now();
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

  private async takeAll(entries: readonly LogEntry[]): Promise<void> {
    for (const { offset, entry } of entries) {
      if (this.ended) return;
      this.take(offset, entry);
      this.offset = offset;
    }
    const { bytes } = this.services.limits;
    if (this.spool.length > bytes) this.cutShort(`the recording is larger than the limit of ${bytes} bytes`);
    if (this.spool.pending > MOST_PENDING) await this.spool.write();
    if (this.spool.length - this.saved.written > MOST_UNSAVED && !this.isSaving) void this.saveSoon();
  }

  private take(offset: string, bytes: Uint8Array): void {
    let entry: Entry;
    try {
      entry = this.entries.read(bytes);
    } catch (error) {
      if (!(error instanceof EntryFormatError)) throw error;
      this.services.logger.error(
        { recording: this.recording.id, offset, err: error.message },
        'an entry of the write log cannot be read',
      );
      return;
    }
    const { limit } = this;
    if (!limit.takesFrom(entry.db, entry.rp) || !entry.blocks.some(({ name }) => limit.takes(name))) return;
    this.spool.append(bytes);
    this.ended = limit.endsIn(entry);
  }

  private cutShort(reason: string): void {
    this.cut ??= reason;
    this.ended = true;
  }

  private saveSoon(): Promise<void> {
    this.saving = this.saving
      .then(() => this.save())
      .catch((error: unknown) => {
        if (error instanceof AbandonedError) {
          this.failure ??= error;
          this.stopping.abort();
        } else if (error instanceof SpoolError) {
          this.cutShort(error.message);
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
    if (this.ended) return;
    this.isSaving = true;
    await this.note().finally(() => (this.isSaving = false));
  }

  private async note(): Promise<void> {
    const { offset } = this;
    const { length: written } = this.spool;
    const { recordings, files, limits } = this.services;
    if (this.spool.pending > 0) await this.spool.sync();
    const outcome = await recordings.save(this.recording.id, this.worker, offset, { written, ...this.first() });
    if (outcome === 'gone') throw new AbandonedError();
    if (outcome === 'overtaken') {
      this.cutShort(OVERTAKEN);
      this.stopping.abort();
      return;
    }
    this.saved = { offset, written };
    if ((await files.used()) > limits.folderBytes) {
      this.cutShort(`the recordings are larger than the limit of ${limits.folderBytes} bytes`);
      this.stopping.abort();
    }
  }

  /** Notes how far it came, and, when it has ended, that it needs the log no more. */
  private async saveEnd(): Promise<void> {
    if (this.cut === undefined) {
      try {
        await this.spool.sync();
      } catch (error) {
        this.cutShort(messageOf(error));
      }
    } else {
      // What is there is kept, and what cannot be written is not.
      await this.spool.sync().catch(() => undefined);
    }
    const { recordings } = this.services;
    const { id } = this.recording;
    const written = this.cut === OVERTAKEN ? this.saved.written : this.spool.inFile;
    const cut = this.cut === undefined ? {} : { cut: this.cut };
    const outcome = this.ended
      ? await recordings.save(id, this.worker, null, { written, ended: true, ...cut, ...this.first() })
      : await recordings.save(id, this.worker, this.offset, { written, ...this.first() });
    if (outcome === 'gone') throw new AbandonedError();
    // Nothing is certain of what came after the last time that it was noted.
    if (outcome === 'overtaken' && this.cut === undefined) this.cutShort(OVERTAKEN);
  }

  private first(): { readonly first?: string } {
    const { first } = this.limit;
    return first === undefined ? {} : { first: String(first) };
  }
}
