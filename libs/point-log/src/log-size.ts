import type { Redis } from 'ioredis';
import { canSend } from './connection';

export interface LogSize {
  /** Memory that the partitions take in Redis, by its own estimate. */
  readonly bytes: number;
  readonly entries: number;
  /** Who needs much of it, where anybody does. */
  readonly holder?: string;
}

const SAMPLE_EVERY_MS = 200;
/** How many nodes of a stream Redis looks at to estimate its size. */
const SAMPLES = 100;
/** Redis rounds entries up: large ones take a quarter more than their bytes. */
const MEMORY_PER_BYTE = 1.25;

/**
 * Knows about how large the log is without asking at every append: a sample five times a second while something is
 * written or the limit is reached, and in between what this process has added.
 */
export class LogSizeWatch {
  private sampled: LogSize = { bytes: 0, entries: 0 };
  private added = 0;
  private known = false;
  private sampling = false;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly redis: Redis,
    private readonly keys: readonly string[],
    private readonly holderKey: string,
    /** Undefined: no limit but Redis' own. */
    readonly limit: number | undefined,
    private readonly onSample: (size: LogSize) => void,
  ) {
    this.timer = setInterval(() => void this.sampleIfNeeded(), SAMPLE_EVERY_MS);
    this.timer.unref();
  }

  get bytes(): number {
    return this.sampled.bytes + this.added * MEMORY_PER_BYTE;
  }

  get full(): boolean {
    return this.limit !== undefined && this.bytes >= this.limit;
  }

  get holder(): string | undefined {
    return this.sampled.holder;
  }

  add(bytes: number): void {
    this.added += bytes;
  }

  async sample(): Promise<LogSize> {
    const { added } = this;
    const pipeline = this.redis.pipeline();
    for (const key of this.keys) pipeline.memory('USAGE', key, 'SAMPLES', SAMPLES).xlen(key);
    pipeline.get(this.holderKey);
    const replies = ((await pipeline.exec()) ?? []).map(([error, reply]) => {
      if (error !== null) throw error;
      return reply;
    });
    const holder = replies.pop();
    const sum = (from: number) =>
      replies.reduce<number>((all, n, i) => (i % 2 === from ? all + Number(n ?? 0) : all), 0);
    const size = { bytes: sum(0), entries: sum(1), ...(typeof holder === 'string' && { holder }) };
    this.sampled = size;
    this.known = true;
    // What was appended while the sample was under way may be in it or not: count it rather than forget it.
    this.added -= added;
    this.onSample(size);
    return size;
  }

  private async sampleIfNeeded(): Promise<void> {
    if (this.sampling || !canSend(this.redis) || (this.known && this.added === 0 && !this.full)) return;
    this.sampling = true;
    try {
      await this.sample();
    } catch {
      // The next tick asks again; appends report what is wrong with the connection.
    } finally {
      this.sampling = false;
    }
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
