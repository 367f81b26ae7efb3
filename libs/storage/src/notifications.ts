import { EventEmitter } from 'node:events';
import pg from 'pg';

export interface NotificationLog {
  warn(fields: object, message: string): void;
}

/**
 * Postgres' LISTEN on a connection of its own, made again when it is lost. What was notified meanwhile is gone:
 * `reconnected` says when to look for oneself.
 */
export class Notifications {
  private readonly emitter = new EventEmitter();
  private client: pg.Client | undefined;
  private closed = false;
  private retry: NodeJS.Timeout | undefined;

  constructor(
    private readonly url: string,
    private readonly channels: readonly string[],
    private readonly log: NotificationLog,
  ) {
    this.emitter.setMaxListeners(0);
  }

  async open(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url, connectionTimeoutMillis: 5000, keepAlive: true });
    client.on('notification', ({ channel, payload }) => this.emitter.emit(channel, payload ?? ''));
    client.on('error', (error) => this.lost(error));
    client.on('end', () => this.lost(undefined));
    await client.connect();
    for (const channel of this.channels) await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
    this.client = client;
  }

  on(channel: string, listener: (payload: string) => void): () => void {
    this.emitter.on(channel, listener);
    return () => this.emitter.off(channel, listener);
  }

  /** Called after the connection was lost and made again. */
  onReconnected(listener: () => void): () => void {
    this.emitter.on('reconnected', listener);
    return () => this.emitter.off('reconnected', listener);
  }

  /** Resolves with true on the next notification with this payload, with false after `ms`. */
  next(channel: string, payload: string, ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const stop = (result: boolean) => {
        clearTimeout(timer);
        off();
        resolve(result);
      };
      const off = this.on(channel, (got) => {
        if (got === payload) stop(true);
      });
      const timer = setTimeout(() => stop(false), ms);
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    await this.client?.end().catch(() => undefined);
  }

  private lost(error: Error | undefined): void {
    if (this.closed || this.client === undefined) return;
    this.client = undefined;
    this.log.warn({ err: error?.message }, 'connection for notifications lost');
    this.reconnect(200);
  }

  private reconnect(delay: number): void {
    this.retry = setTimeout(() => {
      this.open().then(
        () => this.emitter.emit('reconnected'),
        () => {
          if (!this.closed) this.reconnect(Math.min(delay * 2, 5000));
        },
      );
    }, delay);
  }
}
