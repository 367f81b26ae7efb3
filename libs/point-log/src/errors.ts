import { ReplyError } from 'ioredis';
import type { LogOffset } from './log-offset';

/** The log takes no more until something is trimmed: answer 503 and let the client come back. */
export class LogFullError extends Error {
  constructor(reason: string) {
    super(`the write log is full: ${reason}`);
    this.name = 'LogFullError';
  }
}

/** Redis cannot be reached or does not take the command. Of an append that was on its way nobody knows whether it is in. */
export class LogUnavailableError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(`the write log is unavailable: ${reason}`, options);
    this.name = 'LogUnavailableError';
  }
}

/** Entries after the offset were trimmed away: who reads on from there misses them. */
export class OffsetTrimmedError extends Error {
  constructor(
    readonly offset: LogOffset,
    readonly partition: number,
  ) {
    super(`the write log no longer holds the entries after ${offset} of partition ${partition}`);
    this.name = 'OffsetTrimmedError';
  }
}

/** What a failed command means to the caller. `explain`: what may be the reason that Redis is away. */
export function logError(error: unknown, explain?: () => string | undefined): LogFullError | LogUnavailableError {
  if (error instanceof LogFullError) return error;
  if (error instanceof LogUnavailableError) {
    const reason = explain?.();
    return reason === undefined ? error : new LogUnavailableError(reason, { cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ReplyError && message.startsWith('OOM')) return new LogFullError(message);
  const lost = error instanceof Error && error.name === 'MaxRetriesPerRequestError';
  const reason = explain?.() ?? (lost ? 'the connection was lost before the answer' : message);
  return new LogUnavailableError(reason, { cause: error });
}
