import { setTimeout as sleep } from 'node:timers/promises';

/** The recorder stops: somebody else goes on with the work. */
export class PausedError extends Error {
  override readonly name = 'PausedError';
}

/** The work was deleted, or somebody else has it now. */
export class AbandonedError extends Error {
  override readonly name = 'AbandonedError';
}

/** A recording that ended before its time. */
export class CutShortError extends Error {
  override readonly name = 'CutShortError';
  constructor(
    message: string,
    /** Bytes of the file of what it has; -1: there is none. */
    readonly size: bigint,
  ) {
    super(message);
  }
}

/** What is said of work that nobody goes on with. */
export const INTERRUPTED = 'unexpected Kapacitor shutdown';

const FIRST_RETRY_MS = 200;
const MAX_RETRY_MS = 5000;

/** Does something until it goes well: a database that is away comes back. Throws PausedError when the recorder stops. */
export async function persistently<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  failed: (error: unknown) => void,
): Promise<T> {
  for (let delay = FIRST_RETRY_MS; ; delay = Math.min(delay * 2, MAX_RETRY_MS)) {
    try {
      return await work();
    } catch (error) {
      failed(error);
    }
    await pause(delay, signal);
    if (signal.aborted) throw new PausedError();
  }
}

/** Waits; returns early when the signal is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
