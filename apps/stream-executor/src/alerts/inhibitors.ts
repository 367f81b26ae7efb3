import { InhibitionTable, type ActiveInhibitor } from '@supercap/alerting';
import { REDIS_PREFIX } from '@supercap/protocol';
import type { Logger } from '@supercap/telemetry';
import type { Redis } from 'ioredis';

const KEY = `${REDIS_PREFIX}:inhibitors`;
const CHANNEL = `${REDIS_PREFIX}:inhibitors`;

type Change = { readonly on: ActiveInhibitor } | { readonly off: string };

/**
 * The inhibitors of all executors: each changes its own at once, and hears of the others' through Redis a moment later.
 */
export class Inhibitors {
  readonly table = new InhibitionTable();
  private readonly own = new Set<string>();
  private readonly subscriber: Redis;

  constructor(
    private readonly redis: Redis,
    private readonly log: Logger,
  ) {
    this.subscriber = redis.duplicate();
    this.subscriber.on('error', () => undefined);
    this.subscriber.on('message', (_channel, text) => {
      const change = JSON.parse(text) as Change;
      if ('on' in change) this.table.activate(change.on);
      else this.table.deactivate(change.off);
    });
  }

  async open(): Promise<void> {
    await this.subscriber.subscribe(CHANNEL);
    for (const text of Object.values(await this.redis.hgetall(KEY)))
      this.table.activate(JSON.parse(text) as ActiveInhibitor);
  }

  set(inhibitor: ActiveInhibitor, active: boolean): void {
    const { source } = inhibitor;
    if (active === this.own.has(source)) {
      // After a restart the table already holds what the state of the alert says again.
      if (!active) this.table.deactivate(source);
      return;
    }
    if (active) {
      this.own.add(source);
      this.table.activate(inhibitor);
      this.tell({ on: inhibitor }, this.redis.hset(KEY, source, JSON.stringify(inhibitor)));
    } else {
      this.own.delete(source);
      this.table.deactivate(source);
      this.tell({ off: source }, this.redis.hdel(KEY, source));
    }
  }

  /** Lifts every inhibitor whose source begins so: its task has ended. */
  lift(prefix: string): void {
    for (const inhibitor of [...this.table.entries()])
      if (inhibitor.source.startsWith(prefix)) this.set(inhibitor, false);
  }

  /** Forgets whose they are, without lifting them: the task goes on elsewhere. */
  disown(prefix: string): void {
    for (const source of [...this.own]) if (source.startsWith(prefix)) this.own.delete(source);
  }

  private tell(change: Change, stored: Promise<unknown>): void {
    stored
      .then(() => this.redis.publish(CHANNEL, JSON.stringify(change)))
      .catch((error: Error) =>
        this.log.warn({ err: error.message }, 'other executors could not be told of an inhibitor'),
      );
  }

  close(): void {
    this.subscriber.disconnect();
  }
}
