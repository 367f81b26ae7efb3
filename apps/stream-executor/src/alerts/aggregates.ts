import {
  aggregateDue,
  collectAggregate,
  flushAggregate,
  type AggregateBucket,
  type AggregateOptions,
  type AlertHandler,
  type Delivery,
  type PublishedEvent,
  type RenderedEvent,
} from '@supercap/alerting';
import { REDIS_PREFIX } from '@supercap/protocol';
import type { EventStore } from '@supercap/storage';
import type { Logger } from '@supercap/telemetry';
import type { Redis } from 'ioredis';

const KEY = `${REDIS_PREFIX}:aggregates`;
const CHECK_MS = 250;

interface StoredBucket {
  readonly options: Omit<AggregateOptions, 'interval'> & { readonly interval: string };
  readonly bucket: AggregateBucket;
}

/**
 * Buckets of aggregate handlers, kept in Redis so that a summary survives its process. Whoever finds a bucket due takes
 * it with a comparison in one step, so that its summary is made once.
 */
export class Aggregates {
  private timer: NodeJS.Timeout | undefined;
  private open = new Set<string>();

  constructor(
    private readonly redis: Redis,
    private readonly outcomes: Pick<EventStore, 'dealtWith' | 'note'>,
    private readonly handlerOf: (kind: string) => AlertHandler | undefined,
    private readonly publish: (event: PublishedEvent) => void,
    private readonly now: () => bigint,
    private readonly log: Logger,
  ) {}

  async start(): Promise<void> {
    for (const key of await this.redis.hkeys(KEY)) this.open.add(key);
    const loop = async () => {
      await this.flushDue().catch((error: unknown) =>
        this.log.warn({ err: String(error) }, 'summaries of alerts are late'),
      );
      this.timer = setTimeout(() => void loop(), CHECK_MS);
    };
    this.timer = setTimeout(() => void loop(), CHECK_MS);
  }

  /** Adds events to the buckets of their handlers, each once however often it is made. */
  async collect(deliveries: readonly Delivery[]): Promise<void> {
    for (const { handler, events } of deliveries) {
      const route = this.handlerOf(handler.kind)?.routeOf(handler.options);
      if (route?.kind !== 'aggregate') continue;
      const key = `${handler.topic}/${handler.id}`;
      const done = await this.outcomes.dealtWith(
        key,
        events.map(({ eventId }) => eventId),
      );
      const open = events.filter(({ eventId }) => !done.has(eventId));
      if (open.length === 0) continue;
      await this.change(key, (stored) => {
        const bucket = stored?.bucket ?? { since: this.now().toString(), events: [] };
        return toStored(route.options, collectAggregate(route.options, bucket, missing(bucket, open), this.now()));
      });
      this.open.add(key);
      await this.outcomes.note(
        key,
        open.map(({ eventId }) => ({ eventId, outcome: 'delivered', error: '', attempts: 1 })),
      );
    }
  }

  private async flushDue(): Promise<void> {
    for (const key of [...this.open]) {
      const text = await this.redis.hget(KEY, key);
      const stored = text === null ? undefined : (JSON.parse(text) as StoredBucket);
      const options = stored && fromStored(stored.options);
      if (stored === undefined || options === undefined || aggregateDue(options, stored.bucket) === undefined) {
        this.open.delete(key);
        continue;
      }
      let summary: PublishedEvent | undefined;
      await this.change(key, (current) => {
        if (current === undefined) return undefined;
        const flushed = flushAggregate(options, current.bucket, this.now());
        if (flushed === undefined) return undefined;
        summary = flushed.event;
        return toStored(options, flushed.bucket);
      });
      if (summary !== undefined) this.publish(summary);
    }
  }

  /** Changes a bucket unless somebody else did meanwhile; then again, from what they made of it. */
  private async change(
    key: string,
    make: (stored: StoredBucket | undefined) => StoredBucket | undefined,
  ): Promise<void> {
    for (;;) {
      const before = await this.redis.hget(KEY, key);
      const after = make(before === null ? undefined : (JSON.parse(before) as StoredBucket));
      if (after === undefined) return;
      const script = `
        local held = redis.call('HGET', KEYS[1], ARGV[1])
        if (held or '') ~= ARGV[2] then return 0 end
        redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
        return 1`;
      if ((await this.redis.eval(script, 1, KEY, key, before ?? '', JSON.stringify(after))) === 1) return;
    }
  }

  close(): void {
    clearTimeout(this.timer);
  }
}

/** Those that the bucket does not hold: a process may have ended between the bucket and the note of it. */
function missing(bucket: AggregateBucket, events: readonly RenderedEvent[]): readonly RenderedEvent[] {
  const held = new Set(bucket.events.map(({ eventId }) => eventId));
  return events.filter(({ eventId }) => !held.has(eventId));
}

const toStored = (options: AggregateOptions, bucket: AggregateBucket): StoredBucket => ({
  options: { ...options, interval: options.interval.toString() },
  bucket,
});

const fromStored = (options: StoredBucket['options']): AggregateOptions => ({
  ...options,
  interval: BigInt(options.interval),
});
