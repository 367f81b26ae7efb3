import { setMaxListeners } from 'node:events';
import type { Redis } from 'ioredis';
import { appendOnce, forgetSources, type SourcePosition } from './append-once';
import { canSend, connect, type RedisAddress, whenReady } from './connection';
import { logError, LogFullError, LogUnavailableError, OffsetTrimmedError } from './errors';
import { LOG_START, type LogOffset, nextOffset } from './log-offset';
import { type LogSize, LogSizeWatch } from './log-size';
import { checkOffset, follow, type LogEntry, type ReadOptions, streamInfo, toEntries } from './log-tail';

/** Called when something happened, for metrics and logs. */
export interface PointLogHooks {
  appended?(bytes: number, milliseconds: number): void;
  appendFailed?(reason: 'full' | 'unavailable'): void;
  read?(entries: number, bytes: number): void;
  size?(size: LogSize): void;
  connectionError?(error: Error): void;
}

export interface PointLogOptions {
  readonly redis: RedisAddress;
  /** Streams are named `<prefix>:<partition>`. */
  readonly prefix?: string;
  readonly partitions?: number;
  /** Appends are refused when the partitions together take so many bytes of Redis' memory. */
  readonly maxBytes?: number;
  /** How long an append waits for a connection before it is sent. */
  readonly waitMs?: number;
  /** Bytes of entries that may wait for a connection or an answer together. */
  readonly maxPendingBytes?: number;
  /** How long an append waits for the answer; after that nobody knows whether it is in. */
  readonly answerMs?: number;
  /** What may be the reason that Redis is away, asked when an append has failed for that. */
  readonly explain?: () => string | undefined;
  readonly hooks?: PointLogHooks;
}

const DEFAULT_WAIT_MS = 2_000;
const DEFAULT_PENDING_BYTES = 128 * 1024 * 1024;
const DEFAULT_ANSWER_MS = 10_000;
const HOLDER_SECONDS = 30;

/** The durable log of written points: partitions that are Redis streams, an entry per write. Entries are opaque bytes. */
export class PointLog {
  readonly partitions: number;
  private readonly keys: readonly string[];
  private readonly holderKey: string;
  private readonly hooks: PointLogHooks;
  private readonly redis: Redis;
  private readonly watch: LogSizeWatch;
  private readonly closing = new AbortController();
  private pendingBytes = 0;

  constructor(private readonly options: PointLogOptions) {
    this.partitions = options.partitions ?? 1;
    // Every append that waits for the connection listens.
    setMaxListeners(0, this.closing.signal);
    const prefix = options.prefix ?? 'points';
    this.keys = Array.from({ length: this.partitions }, (_, i) => `${prefix}:${i}`);
    this.holderKey = `${prefix}:holder`;
    this.hooks = options.hooks ?? {};
    const commandTimeout = options.answerMs ?? DEFAULT_ANSWER_MS;
    this.redis = connect(options.redis, { connectionName: 'log-writer', commandTimeout }, this.report);
    this.watch = new LogSizeWatch(this.redis, this.keys, this.holderKey, options.maxBytes, (size) =>
      this.hooks.size?.(size),
    );
  }

  /**
   * Adds an entry and returns its place once Redis has it. Throws LogFullError, or LogUnavailableError, after which the
   * entry may be in or not; it is never sent twice.
   */
  async append(entry: Uint8Array, partition = 0): Promise<LogOffset> {
    const key = this.key(partition);
    const offset = await this.send(entry, (bytes) => this.redis.xadd(key, '*', 'e', bytes));
    if (offset === null) throw new LogUnavailableError('no id was given');
    return offset;
  }

  /**
   * Adds an entry that a task wrote back, unless it is there already: of each source only entries at a later position
   * than the last one are taken. Without a position it is always added.
   */
  async appendOnce(
    entry: Uint8Array,
    source: string,
    position: SourcePosition | undefined,
    partition = 0,
  ): Promise<void> {
    if (position === undefined) {
      await this.append(entry, partition);
      return;
    }
    const key = this.key(partition);
    await this.send(entry, (bytes) => appendOnce(this.redis, key, `${key}:sources`, bytes, source, position));
  }

  /** Forgets the positions of sources whose name begins so: their tasks have ended. */
  forgetSources(prefix: string, partition = 0): Promise<void> {
    return this.ask(() => forgetSources(this.redis, `${this.key(partition)}:sources`, prefix));
  }

  /** The place of the newest entry, even if it was trimmed away; `0-0` if there never was one. */
  tail(partition = 0): Promise<LogOffset> {
    return this.ask(async () => (await streamInfo(this.redis, this.key(partition)))?.lastId ?? LOG_START);
  }

  /**
   * The entries after `offset`, step by step as they come, until the signal is aborted or the log closed; outages of
   * Redis are waited out. Throws OffsetTrimmedError when entries after the offset are gone (seen at the start and after outages).
   */
  async *readFrom(offset: LogOffset, options: ReadOptions = {}): AsyncGenerator<LogEntry[], void, undefined> {
    const signal =
      options.signal === undefined ? this.closing.signal : AbortSignal.any([options.signal, this.closing.signal]);
    const key = this.key(options.partition ?? 0);
    for await (const entries of follow(this.options.redis, key, offset, { ...options, signal }, this.report)) {
      this.countRead(entries);
      yield entries;
    }
  }

  /** Up to `count` entries after `from` up to and including `to` (the end, if left out), without waiting. */
  range(from: LogOffset, to: LogOffset | '+', count: number, partition = 0): Promise<LogEntry[]> {
    return this.ask(async () => {
      const entries = toEntries(
        await this.redis.xrangeBuffer(this.key(partition), nextOffset(from), to, 'COUNT', count),
      );
      this.countRead(entries);
      return entries;
    });
  }

  /** Throws OffsetTrimmedError when entries after the offset are gone. */
  checkOffset(offset: LogOffset, partition = 0): Promise<void> {
    return this.ask(() => checkOffset(this.redis, this.key(partition), offset, partition));
  }

  /**
   * Removes what is older than `minOffset`, the smallest offset that anybody still reads on from; returns how many entries
   * that were. The entry of the offset itself stays, as the sign that nothing after it is missing.
   */
  trim(minOffset: LogOffset, partition = 0): Promise<number> {
    return this.ask(() => this.redis.xtrim(this.key(partition), 'MINID', '=', minOffset));
  }

  /** Asks Redis how large the log is. */
  size(): Promise<LogSize> {
    return this.ask(() => this.watch.sample());
  }

  /** Notes for all processes who needs much of the log; undefined: nobody. The note is forgotten unless it is renewed. */
  noteHolder(holder: string | undefined): Promise<void> {
    return this.ask(async () => {
      if (holder === undefined) await this.redis.del(this.holderKey);
      else await this.redis.set(this.holderKey, holder, 'EX', HOLDER_SECONDS);
    });
  }

  /** Who needs much of the log, as far as is known without asking. */
  get holder(): string | undefined {
    return this.watch.holder;
  }

  /** About how many bytes the log takes, without asking. */
  get approximateBytes(): number {
    return this.watch.bytes;
  }

  /** Commands can be sent. */
  get ready(): boolean {
    return canSend(this.redis);
  }

  /** Ends all readers and the connections. Appends that wait for their answer are rejected. */
  async close(): Promise<void> {
    this.closing.abort();
    this.watch.stop();
    if (canSend(this.redis)) await this.redis.quit().catch(() => undefined);
    this.redis.disconnect();
  }

  private readonly report = (error: Error) => this.hooks.connectionError?.(error);

  private key(partition: number): string {
    const key = this.keys[partition];
    if (key === undefined) throw new RangeError(`partition ${partition} is not one of ${this.partitions}`);
    return key;
  }

  /** Sends an entry once: it waits a little for a connection, and what goes wrong afterwards is the caller's to know. */
  private async send<T>(entry: Uint8Array, command: (bytes: Buffer) => Promise<T>): Promise<T> {
    const began = performance.now();
    const { length } = entry;
    let pending = 0;
    try {
      this.admit(length);
      pending = length;
      this.pendingBytes += pending;
      if (!canSend(this.redis)) await this.untilReady();
      const answer = await command(Buffer.from(entry.buffer, entry.byteOffset, length));
      this.watch.add(length);
      this.hooks.appended?.(length, performance.now() - began);
      return answer;
    } catch (error) {
      const failure = logError(error, this.options.explain);
      this.hooks.appendFailed?.(failure instanceof LogFullError ? 'full' : 'unavailable');
      throw failure;
    } finally {
      this.pendingBytes -= pending;
    }
  }

  /** Throws when no more can be taken in now. */
  private admit(bytes: number): void {
    const { watch, pendingBytes } = this;
    if (watch.full) {
      const needed = watch.holder === undefined ? '' : `, which ${watch.holder} still needs`;
      throw new LogFullError(`it takes ${Math.round(watch.bytes)} of ${watch.limit} bytes${needed}`);
    }
    // One entry alone may be as large as it is.
    if (pendingBytes > 0 && pendingBytes + bytes > (this.options.maxPendingBytes ?? DEFAULT_PENDING_BYTES)) {
      throw new LogUnavailableError('too many writes wait for an answer');
    }
  }

  private untilReady(): Promise<void> {
    return whenReady(this.redis, this.options.waitMs ?? DEFAULT_WAIT_MS, this.closing.signal);
  }

  private async ask<T>(command: () => Promise<T>): Promise<T> {
    try {
      await this.untilReady();
      return await command();
    } catch (error) {
      throw error instanceof OffsetTrimmedError || error instanceof RangeError ? error : logError(error);
    }
  }

  private countRead(entries: readonly LogEntry[]): void {
    if (this.hooks.read === undefined || entries.length === 0) return;
    let bytes = 0;
    for (const { entry } of entries) bytes += entry.length;
    this.hooks.read(entries.length, bytes);
  }
}
