import { LOG_LEVEL_CHANNEL } from '@supercap/protocol';
import type { Logger } from '@supercap/telemetry';
import { Redis } from 'ioredis';

/**
 * A Redis connection for queues and messages. Commands wait for a connection that is being made again, but not for ever:
 * after `maxRetries` attempts they fail. `null`, as BullMQ's workers need it: for ever.
 */
export function openRedis(url: string, log: Logger, maxRetries: number | null = 20): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: maxRetries,
    connectTimeout: 2000,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 5), 1000),
  });
  let lastWarning = 0;
  redis.on('error', (error: Error) => {
    // One line every few seconds is enough while Redis is away.
    if (Date.now() - lastWarning < 5000) return;
    lastWarning = Date.now();
    log.warn({ err: error.message }, 'Redis cannot be reached');
  });
  return redis;
}

/** Tells every process of the installation which level to log at, and hears of it. */
export class LogLevelBus {
  private readonly subscriber: Redis;

  constructor(
    private readonly redis: Redis,
    private readonly apply: (level: string) => void,
  ) {
    this.subscriber = redis.duplicate();
    this.subscriber.on('error', () => undefined);
    this.subscriber.on('message', (_channel, level) => this.apply(level));
  }

  async open(): Promise<void> {
    await this.subscriber.subscribe(LOG_LEVEL_CHANNEL);
  }

  async publish(level: string): Promise<void> {
    this.apply(level);
    await this.redis.publish(LOG_LEVEL_CHANNEL, level);
  }

  close(): void {
    this.subscriber.disconnect();
  }
}
