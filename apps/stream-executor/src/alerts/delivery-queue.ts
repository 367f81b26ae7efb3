import { chunkDelivery, type Delivery, type HandlerSpec, type RenderedEvent } from '@supercap/alerting';
import { REDIS_PREFIX, deliveriesQueue } from '@supercap/protocol';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';

/** One handler and an ordered chunk of events. */
export interface DeliveryJob {
  readonly handler: HandlerSpec;
  readonly events: readonly RenderedEvent[];
  /** Some of these events may have been delivered before: ask for their outcomes first. */
  readonly recheck: boolean;
}

const CHUNK = 200;
const KEPT_FAILURES = 1000;
/** Names of all queues that may hold jobs, whose executors may be gone. */
const QUEUES_KEY = `${REDIS_PREFIX}:delivery-queues`;

/** The jobs of one executor: it delivers, in order, what it created. */
export class DeliveryQueue {
  readonly name: string;
  private readonly queue: Queue<DeliveryJob>;

  constructor(
    private readonly redis: Redis,
    executorId: string,
  ) {
    this.name = deliveriesQueue(executorId);
    this.queue = new Queue(this.name, { connection: redis, prefix: REDIS_PREFIX });
    this.queue.on('error', () => undefined);
  }

  async open(): Promise<void> {
    await this.redis.sadd(QUEUES_KEY, this.name);
  }

  async add(deliveries: readonly Delivery[], recheck: boolean): Promise<void> {
    const jobs = deliveries
      .flatMap((delivery) => chunkDelivery(delivery, CHUNK))
      .map(({ handler, events }) => ({
        name: handler.kind,
        data: { handler, events, recheck } satisfies DeliveryJob,
        opts: { removeOnComplete: true, removeOnFail: { count: KEPT_FAILURES } },
      }));
    if (jobs.length > 0) await this.queue.addBulk(jobs);
  }

  async close(): Promise<void> {
    await this.queue.close();
  }
}

/** Queues of executors that are gone, as far as `live` (executor ids) tells. */
export async function orphanQueues(redis: Redis, live: readonly string[]): Promise<string[]> {
  const alive = new Set(live.map(deliveriesQueue));
  return (await redis.smembers(QUEUES_KEY)).filter((name) => !alive.has(name));
}

/** Forgets a queue of an executor that is gone, once nothing is left in it. Jobs that failed for good are in Postgres. */
export async function forgetQueue(redis: Redis, name: string): Promise<boolean> {
  const queue = new Queue(name, { connection: redis, prefix: REDIS_PREFIX });
  queue.on('error', () => undefined);
  try {
    const { active = 0, waiting = 0, delayed = 0, prioritized = 0 } = await queue.getJobCounts('active', 'waiting', 'delayed', 'prioritized');
    if (active + waiting + delayed + prioritized > 0) return false;
    await queue.obliterate({ force: true });
    await redis.srem(QUEUES_KEY, name);
    return true;
  } finally {
    await queue.close();
  }
}
