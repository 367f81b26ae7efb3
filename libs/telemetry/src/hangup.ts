import type { Logger } from './logger';

/** A hangup asks a daemon to read its folders anew. There are none to read, and it must never end a service. */
export function ignoreHangup(logger: Pick<Logger, 'info'>): void {
  process.on('SIGHUP', () => logger.info('SIGHUP is ignored: there is no folder to load anew'));
}
