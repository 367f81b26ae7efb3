import type { Redis } from 'ioredis';
import { canSend, connect, type RedisAddress, whenReady } from './connection';
import { OffsetTrimmedError } from './errors';
import { LOG_START, type LogOffset } from './log-offset';
import { StreamReader } from './stream-reader';

export interface LogEntry {
  readonly offset: LogOffset;
  readonly entry: Buffer;
}

export interface ReadOptions {
  readonly partition?: number;
  /** Ends the reading; the connection goes with it. */
  readonly signal?: AbortSignal;
  /** Entries per step at most. */
  readonly count?: number;
  /** How long Redis waits for an entry before it answers that there is none; nothing is yielded then. */
  readonly blockMs?: number;
}

type RawEntry = [id: Buffer, fields: Buffer[]];

export function toEntries(raw: readonly RawEntry[]): LogEntry[] {
  return raw.map(([id, fields]) => ({ offset: id.toString('latin1'), entry: fields[1]! }));
}

const DEFAULT_COUNT = 16;
/** About so many bytes are asked for at once: what is read must not live for long, or the collector keeps it. */
const STEP_BYTES = 1024 * 1024;
const DEFAULT_BLOCK_MS = 1_000;
/** An answer that is so much later than Redis promised means that the connection is dead. */
const SILENCE_MS = 5_000;
const RETRY_MS = 200;

/**
 * Throws OffsetTrimmedError when entries after the offset are gone. Trimming keeps the entry of the smallest offset in
 * use, so an offset that is older than all that is there was overtaken.
 */
export async function checkOffset(redis: Redis, key: string, offset: LogOffset, partition: number): Promise<void> {
  const info = await streamInfo(redis, key);
  if (info === undefined || info.length === 0) return;
  if (offset === LOG_START) {
    // Redis before 7 does not count what was ever added; then this cannot be told.
    if (info.added !== undefined && info.added > info.length) throw new OffsetTrimmedError(offset, partition);
    return;
  }
  const before = await redis.xrangeBuffer(key, '-', offset, 'COUNT', 1);
  if (before.length === 0) throw new OffsetTrimmedError(offset, partition);
}

export interface StreamInfo {
  readonly length: number;
  /** The newest id that was ever given. */
  readonly lastId: LogOffset;
  /** Entries that were ever added. */
  readonly added: number | undefined;
}

// XINFO alone would also send the first and the last entry: half a megabyte that nobody asked for.
const STREAM_INFO = `
if redis.call('EXISTS', KEYS[1]) == 0 then return false end
local info = redis.call('XINFO', 'STREAM', KEYS[1])
local members = {}
for i = 1, #info, 2 do members[info[i]] = info[i + 1] end
return { members['length'], members['last-generated-id'], members['entries-added'] or false }
`;

/** Undefined if the stream does not exist. */
export async function streamInfo(redis: Redis, key: string): Promise<StreamInfo | undefined> {
  const reply = (await redis.eval(STREAM_INFO, 1, key)) as [number, string, number | null] | null;
  if (reply === null) return undefined;
  const [length, lastId, added] = reply;
  return { length, lastId, added: added ?? undefined };
}

/**
 * Follows a partition on a connection of its own, one step ahead of the consumer. It goes on after Redis was away, from
 * the entry that was the last to be read.
 */
export async function* follow(
  address: RedisAddress,
  key: string,
  start: LogOffset,
  options: ReadOptions,
  onError: (error: Error) => void,
): AsyncGenerator<LogEntry[], void, undefined> {
  const { partition = 0, signal, count = DEFAULT_COUNT, blockMs = DEFAULT_BLOCK_MS } = options;
  if (signal?.aborted) return;
  const redis = connect(address, { connectionName: 'log-reader', commandTimeout: SILENCE_MS }, onError);
  const reader = new StreamReader();
  const stop = () => redis.disconnect();
  signal?.addEventListener('abort', stop);
  let offset = start;
  let asked = Math.min(count, DEFAULT_COUNT);

  /** Every connection begins with a look at whether the place is still there. */
  const takeOver = async (): Promise<void> => {
    const { stream } = redis;
    await checkOffset(redis, key, offset, partition);
    if (redis.stream !== stream || !canSend(redis)) throw new Error('the connection was closed');
    reader.take(stream);
  };

  // The next entries; empty if there were none or Redis was away.
  const step = async (): Promise<LogEntry[]> => {
    try {
      await whenReady(redis, SILENCE_MS, signal);
      if (!reader.hasTaken(redis.stream)) await takeOver();
      const raw = await reader.read({ key, after: offset, count: asked, blockMs, silenceMs: SILENCE_MS });
      const entries = toEntries((raw ?? []) as unknown as RawEntry[]);
      if (entries.length > 0) {
        offset = entries[entries.length - 1]!.offset;
        const bytes = entries.reduce((sum, { entry }) => sum + entry.length, 0);
        asked = Math.min(count, Math.max(1, Math.round((STEP_BYTES * entries.length) / bytes)));
      }
      return entries;
    } catch (error) {
      if (signal?.aborted) return [];
      if (error instanceof OffsetTrimmedError) throw error;
      onError(error instanceof Error ? error : new Error(String(error)));
      reader.drop();
      await pause(RETRY_MS, signal);
      return [];
    }
  };

  try {
    let pending = step();
    for (;;) {
      const entries = await pending;
      if (signal?.aborted) return;
      pending = step();
      // It is awaited in the next round, or never when the consumer stops.
      pending.catch(() => undefined);
      if (entries.length > 0) yield entries;
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    redis.disconnect();
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}
