import { chunkDelivery, type Delivery } from '@supercap/alerting';
import type { Logger } from '@supercap/telemetry';
import { randomUUID } from 'node:crypto';
import type { DeliveryJob, DeliveryQueue } from './delivery-queue';
import type { DeliveryWorker } from './delivery-worker';

/** Events that one delivery takes at most. */
const CHUNK = 200;
/** What is not delivered after so long becomes a job that survives this process. */
const STORE_AFTER_MS = 50;
const RETRY_MS = 200;

interface Chunk {
  readonly id: string;
  readonly data: DeliveryJob;
  readonly since: number;
  /** Its own process delivers it. */
  readonly held: boolean;
  stored: boolean;
}

/**
 * Deliveries of events that are safe in Postgres: tried at once, in this process, and only what takes longer becomes a
 * job. A receiver that answers promptly so costs no job at all, and is told within a millisecond or two.
 */
export class DeliveryDesk {
  private readonly open = new Set<Chunk>();
  private timer: NodeJS.Timeout | undefined;
  private storing: Promise<void> | undefined;

  constructor(
    private readonly worker: DeliveryWorker,
    private readonly queue: () => DeliveryQueue,
    private readonly log: Logger,
  ) {}

  /** `recheck`: some of the events may have been delivered before. */
  take(deliveries: readonly Delivery[], recheck: boolean): void {
    for (const delivery of deliveries) {
      for (const { handler, events } of chunkDelivery(delivery, CHUNK)) {
        const data = { handler, events };
        const held = this.worker.hasRoom(handler);
        const chunk: Chunk = { id: randomUUID(), data, since: performance.now(), held, stored: false };
        this.open.add(chunk);
        if (held) void this.deliver(chunk, recheck);
      }
    }
    if (this.open.size > 0) this.timer ??= setTimeout(() => this.storeLate(), STORE_AFTER_MS);
  }

  private async deliver(chunk: Chunk, recheck: boolean): Promise<void> {
    const isDone = await this.worker.deliverHere(chunk.id, chunk.data, recheck);
    if (!isDone) return;
    this.open.delete(chunk);
    // A job that was being stored meanwhile is gone as soon as that is done.
    await this.storing;
    if (chunk.stored) {
      await this.queue()
        .remove(chunk.id)
        .catch((error: Error) => this.log.debug({ err: error.message }, 'job of a delivered event remains'));
    }
  }

  private storeLate(): void {
    this.timer = undefined;
    const due = performance.now() - STORE_AFTER_MS;
    const late = [...this.open].filter((chunk) => !chunk.stored && chunk.since <= due);
    if (late.length > 0) void this.store(late).catch(() => undefined);
    if ([...this.open].some((chunk) => !chunk.stored)) this.timer = setTimeout(() => this.storeLate(), STORE_AFTER_MS);
  }

  /** Resolves when everything that was taken so far is delivered or survives this process. */
  async safe(): Promise<void> {
    const taken = [...this.open];
    for (let delay = RETRY_MS; ; delay = Math.min(delay * 2, 5000)) {
      const left = taken.filter((chunk) => this.open.has(chunk) && !chunk.stored);
      if (left.length === 0) return;
      try {
        await this.store(left);
      } catch (error) {
        this.log.warn(
          { err: error instanceof Error ? error.message : String(error) },
          'deliveries could not be stored yet',
        );
        await new Promise((resolve) => setTimeout(resolve, delay));
      }
    }
  }

  private async store(chunks: readonly Chunk[]): Promise<void> {
    while (this.storing !== undefined) await this.storing.catch(() => undefined);
    const left = chunks.filter((chunk) => this.open.has(chunk) && !chunk.stored);
    if (left.length === 0) return;
    this.storing = this.queue()
      .add(left)
      .then(() => {
        for (const chunk of left) {
          chunk.stored = true;
          // Nobody here delivers it: the queue's worker does, when its turn comes.
          if (!chunk.held) this.open.delete(chunk);
        }
      })
      .finally(() => (this.storing = undefined));
    await this.storing;
  }

  /** The runs are lost: what is not stored is made again by their next owners. */
  abandon(): void {
    this.open.clear();
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
