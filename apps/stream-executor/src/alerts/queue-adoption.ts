import { REDIS_PREFIX } from '@supercap/protocol';
import type { Redis } from 'ioredis';
import { forgetQueue, orphanQueues, releaseHeldJobs } from './delivery-queue';
import type { DeliveryWorker } from './delivery-worker';

/** An adopter that says nothing for so long is gone, too. */
const ADOPTED_MS = 15_000;

/**
 * Works off what executors that are gone have left: each queue by one executor, which delivers to its handlers beside
 * each other and keeps the order of each.
 */
export class QueueAdoption {
  constructor(
    private readonly redis: Redis,
    private readonly worker: DeliveryWorker,
    /** The name of its own queue. */
    private readonly self: () => string | undefined,
  ) {}

  /** Called every second or so, with the executors that are alive. */
  async adopt(live: readonly string[]): Promise<void> {
    const { redis, worker } = this;
    const orphans = (await orphanQueues(redis, live)).filter((name) => name !== this.self());
    for (const name of orphans) {
      const isServed = worker.queues.includes(name);
      if (!(await this.claim(name))) {
        if (isServed) await worker.abandon(name);
      } else if (isServed && (await forgetQueue(redis, name))) await worker.abandon(name);
      else {
        await releaseHeldJobs(redis, name);
        worker.serve(name);
      }
    }
  }

  /** True: the queue is this executor's for the next seconds. */
  async claim(queue: string): Promise<boolean> {
    const self = this.self();
    if (self === undefined) return false;
    const script = `
      local holder = redis.call('GET', KEYS[1])
      if holder and holder ~= ARGV[1] then return 0 end
      redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
      return 1`;
    return (await this.redis.eval(script, 1, `${REDIS_PREFIX}:adopter:${queue}`, self, ADOPTED_MS)) === 1;
  }
}
