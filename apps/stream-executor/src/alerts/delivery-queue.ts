import type { HandlerSpec, RenderedEvent } from '@supercap/alerting';
import { REDIS_PREFIX, deliveriesQueue } from '@supercap/protocol';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';

/** One handler and an ordered chunk of events. */
export interface DeliveryJob {
  readonly handler: HandlerSpec;
  readonly events: readonly RenderedEvent[];
}

export interface StoredJob {
  readonly id: string;
  readonly data: DeliveryJob;
  /** The process that stored it delivers it itself; the job is for whoever comes after it. */
  readonly held: boolean;
}

/** A job that its own process delivers comes up again after so long, in case that process forgot it. */
const HELD_MS = 10 * 60_000;
const KEPT_FAILURES = 1000;
/** Names of all queues that may hold jobs, whose executors may be gone. */
const QUEUES_KEY = `${REDIS_PREFIX}:delivery-queues`;

function openQueue(redis: Redis, name: string): Queue<DeliveryJob> {
  const queue = new Queue<DeliveryJob>(name, { connection: redis, prefix: REDIS_PREFIX });
  queue.on('error', () => undefined);
  return queue;
}

/** The jobs of one executor: what it could not deliver at once. */
export class DeliveryQueue {
  readonly name: string;
  private readonly queue: Queue<DeliveryJob>;

  constructor(
    private readonly redis: Redis,
    executorId: string,
  ) {
    this.name = deliveriesQueue(executorId);
    this.queue = openQueue(redis, this.name);
  }

  async open(): Promise<void> {
    await this.redis.sadd(QUEUES_KEY, this.name);
  }

  async add(jobs: readonly StoredJob[]): Promise<void> {
    await this.queue.addBulk(
      jobs.map(({ id, data, held }) => ({
        name: data.handler.kind,
        data,
        opts: { jobId: id, delay: held ? HELD_MS : 0, removeOnComplete: true, removeOnFail: { count: KEPT_FAILURES } },
      })),
    );
  }

  async remove(id: string): Promise<void> {
    await this.queue.remove(id);
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

/** Makes the jobs of an executor that is gone due at once. */
export async function releaseHeldJobs(redis: Redis, name: string): Promise<void> {
  const queue = openQueue(redis, name);
  try {
    await queue.promoteJobs();
  } finally {
    await queue.close();
  }
}

/** Forgets a queue of an executor that is gone, once nothing is left in it. Jobs that failed for good are in Postgres. */
export async function forgetQueue(redis: Redis, name: string): Promise<boolean> {
  const queue = openQueue(redis, name);
  try {
    const counts = await queue.getJobCounts('active', 'waiting', 'delayed', 'prioritized');
    if (Object.values(counts).some((count) => count > 0)) return false;
    await queue.obliterate({ force: true });
    await redis.srem(QUEUES_KEY, name);
    return true;
  } finally {
    await queue.close();
  }
}
