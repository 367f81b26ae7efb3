import type { RunStore } from '@supercap/storage';
import type { Logger } from '@supercap/telemetry';
import { randomUUID } from 'node:crypto';

/**
 * This executor's own lease in Postgres, renewed on a timer of its own. Whether it still stands is told by this
 * process' monotonic clock, measured from before the renewal was sent: never by the database.
 */
export class Lease {
  /** New at every start, and after the lease was lost. */
  id: string = randomUUID();
  private validUntil = 0;
  private timer: NodeJS.Timeout | undefined;
  private registered = false;
  private lossTold = true;

  constructor(
    private readonly store: RunStore,
    private readonly address: string,
    private readonly leaseMs: number,
    private readonly lost: () => void,
    /** It has a lease, for the first time or under another id than before. */
    private readonly gained: (id: string) => Promise<void>,
    private readonly log: Logger,
  ) {}

  get valid(): boolean {
    return performance.now() < this.validUntil;
  }

  /** Resolves once the executor is registered. */
  async open(): Promise<void> {
    await this.renew();
    const loop = async () => {
      await this.renew();
      this.timer = setTimeout(() => void loop(), this.leaseMs / 3);
    };
    this.timer = setTimeout(() => void loop(), this.leaseMs / 3);
  }

  async renew(): Promise<void> {
    const sent = performance.now();
    try {
      if (this.registered && (await this.store.renew(this.id, this.leaseMs))) {
        this.validUntil = sent + this.leaseMs;
        return;
      }
      if (this.registered) {
        this.tellLoss('the lease was taken away');
        this.id = randomUUID();
        this.registered = false;
      }
      await this.store.register(this.id, this.address, this.leaseMs);
      this.registered = true;
      await this.gained(this.id);
      this.lossTold = false;
      this.validUntil = sent + this.leaseMs;
    } catch (error) {
      this.log.warn({ err: error instanceof Error ? error.message : String(error) }, 'the lease could not be renewed');
      if (!this.valid) this.tellLoss('the lease ran out');
    }
  }

  private tellLoss(reason: string): void {
    if (this.lossTold) return;
    this.lossTold = true;
    this.validUntil = 0;
    this.log.warn({ executor: this.id }, `${reason}: its runs stop here`);
    this.lost();
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    if (this.registered) await this.store.unregister(this.id);
  }
}
