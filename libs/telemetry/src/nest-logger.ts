import type { LoggerService } from '@nestjs/common';
import type { Logger, LogMethod } from './logger';

/** Nest's own lines, in the log of the service. What Nest tells of its start is of interest to developers only. */
export function nestLogger(logger: Logger): LoggerService {
  const write =
    (method: LogMethod) =>
    (message: unknown, ...rest: unknown[]) => {
      const context = rest.at(-1);
      const fields = typeof context === 'string' ? { context } : {};
      if (message instanceof Error) method({ ...fields, err: message }, message.message);
      else if (typeof message === 'string') method(fields, message);
      else method({ ...fields, detail: message }, 'nest');
    };
  const error = write(logger.error);
  return {
    log: write(logger.debug),
    debug: write(logger.debug),
    verbose: write(logger.debug),
    warn: write(logger.warn),
    fatal: error,
    // (message, stack, context)
    error: (message: unknown, ...rest: unknown[]) => error(message, ...rest),
  };
}
