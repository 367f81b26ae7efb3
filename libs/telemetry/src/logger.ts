import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { isLogLevel, rankOf, type LogLevel } from './level';
import { redact, redactText } from './redact';
import { currentRequestId } from './request-id';

/** Fields first, as the event's name alone says nothing of which task or host it was. */
export interface LogMethod {
  (fields: Readonly<Record<string, unknown>>, message: string): void;
  (message: string): void;
}

export interface Logger {
  debug: LogMethod;
  info: LogMethod;
  warn: LogMethod;
  error: LogMethod;
  /** A logger whose lines all carry these fields. */
  child(fields: Readonly<Record<string, unknown>>): Logger;
}

export interface RootLogger extends Logger {
  readonly level: LogLevel;
  /** Changes the level of this logger and of all its children, at once. False: there is no such level. */
  setLevel(word: string): boolean;
}

/** Lines that wait for a reader that does not come are dropped above this many bytes: a log must not hold up the work. */
const mostWaiting = 8 * 1024 * 1024;

/**
 * The log of a process: lines of JSON on stdout.
 * `destination`: where the lines go instead, for tests.
 */
export function createLogger(service: string, level: LogLevel = 'info', destination?: DestinationStream): RootLogger {
  const gate = { level, rank: rankOf(level) };
  const lines = pino(
    {
      base: { service },
      level: 'debug',
      formatters: { log: (fields) => redact(fields) as Record<string, unknown> },
      serializers: { err: (made: unknown) => made }, // redact made it of the error already
    },
    destination ?? standardOutput(),
  );
  const logger = wrap(lines, gate);
  return {
    ...logger,
    get level() {
      return gate.level;
    },
    setLevel(word) {
      const wanted = word.toLowerCase();
      if (!isLogLevel(wanted)) return false;
      gate.level = wanted;
      gate.rank = rankOf(wanted);
      return true;
    },
  };
}

/** pino's children keep the level that their parent had; these ask one gate. */
function wrap(lines: PinoLogger, gate: { readonly rank: number }): Logger {
  const method = (level: Exclude<LogLevel, 'off'>): LogMethod => {
    const rank = rankOf(level);
    return (first: Readonly<Record<string, unknown>> | string, message?: string) => {
      if (rank < gate.rank) return;
      const fields = typeof first === 'string' ? {} : first;
      const requestId = currentRequestId();
      lines[level](
        requestId === undefined ? fields : { ...fields, requestId },
        redactText(typeof first === 'string' ? first : (message ?? '')),
      );
    };
  };
  return {
    debug: method('debug'),
    info: method('info'),
    warn: method('warn'),
    error: method('error'),
    child: (fields) => wrap(lines.child(redact(fields) as Record<string, unknown>), gate),
  };
}

function standardOutput(): DestinationStream {
  const output = pino.destination({ dest: 1, sync: false, maxLength: mostWaiting });
  // Whoever read our lines may be gone; that is no reason to stop.
  output.on('error', () => undefined);
  process.on('exit', () => {
    try {
      output.flushSync();
    } catch {
      // Nothing can be said about a log that cannot be written.
    }
  });
  return output;
}
