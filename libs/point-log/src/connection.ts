import { Redis, type RedisOptions } from 'ioredis';
import { LogUnavailableError } from './errors';

const CONNECT_TIMEOUT_MS = 2_000;
const FIRST_BACKOFF_MS = 50;
const LONGEST_BACKOFF_MS = 1_000;

/** An URL (`redis://…`, `rediss://…`) or ioredis' own options. */
export type RedisAddress = string | RedisOptions;

/**
 * A connection that comes back by itself and never repeats a command: what was on its way when it broke is rejected, and
 * what is asked for while it is away is rejected at once (see `whenReady`).
 */
export function connect(address: RedisAddress, options: RedisOptions, onError: (error: Error) => void): Redis {
  const fixed: RedisOptions = {
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxLoadingRetryTime: LONGEST_BACKOFF_MS,
    retryStrategy: (attempt) => Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(attempt - 1, 10)),
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    enableOfflineQueue: false,
    enableReadyCheck: true,
    keepAlive: 10_000,
    ...options,
  };
  const redis = typeof address === 'string' ? new Redis(address, fixed) : new Redis({ ...address, ...fixed });
  redis.on('error', onError);
  // Every append that waits for the connection listens.
  redis.setMaxListeners(0);
  return redis;
}

/** A command would be sent now. Between the end of a socket and its notice the status still says `ready`. */
export function canSend(redis: Redis): boolean {
  return redis.status === 'ready' && redis.stream.writable;
}

/** Waits until commands can be sent; LogUnavailableError after `timeoutMs`, or when the connection or the signal is ended. */
export function whenReady(redis: Redis, timeoutMs: number, signal?: AbortSignal): Promise<void> {
  if (canSend(redis)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    let reason = '';
    const failed = (error: Error) => (reason = `: ${error.message}`);
    const settle = (error?: Error) => {
      clearTimeout(timer);
      redis.off('ready', ready);
      redis.off('end', ended);
      redis.off('error', failed);
      signal?.removeEventListener('abort', ended);
      if (error === undefined) resolve();
      else reject(error);
    };
    const ready = () => settle();
    const ended = () => settle(new LogUnavailableError('the connection was closed'));
    const timer = setTimeout(
      () => settle(new LogUnavailableError(`no connection for ${timeoutMs} ms${reason}`)),
      timeoutMs,
    );
    redis.once('ready', ready);
    redis.once('end', ended);
    redis.on('error', failed);
    signal?.addEventListener('abort', ended);
    if (redis.status === 'end' || signal?.aborted === true) ended();
  });
}
