import { request, type Product } from '../harness';

export const DB = 'chaos';
/** All points lie in one hour, whose windows are closed at the end. */
export const HOUR = 1_500_000_000;
/** Every so many points one is an event. */
export const EVENT_EVERY = 50;

/** What one writer has been promised. */
export class Writer {
  /** Points that were answered with 204: numbers 0 to this, without a gap. */
  acknowledged = 0;
  /** By number of a point that is an event: how often it was sent, since a write whose answer was lost is sent again. */
  readonly sent = new Map<number, number>();

  constructor(
    readonly name: string,
    private readonly perWrite: number,
  ) {}

  /** Writes until it is acknowledged, as a client does. False: it was stopped before. */
  async write(product: Product, stopped: () => boolean): Promise<boolean> {
    const numbers = Array.from({ length: this.perWrite }, (_, i) => this.acknowledged + i);
    const body = numbers.map((n) => `points,w=${this.name} n=${n}i ${HOUR + (n % 3000)}`).join('\n');
    for (;;) {
      for (const n of numbers) if (n % EVENT_EVERY === 0) this.sent.set(n, (this.sent.get(n) ?? 0) + 1);
      if (await accepted(product, body)) {
        this.acknowledged += this.perWrite;
        return true;
      }
      // What was sent may be in the log all the same: it is sent until it is known to be.
      await new Promise((resolve) => setTimeout(resolve, stopped() ? 250 : 50));
    }
  }

  /** Numbers of the acknowledged points that are events. */
  get events(): number[] {
    return [...this.sent.keys()].filter((n) => n < this.acknowledged);
  }
}

/** Whether a write was answered with 204. */
export async function accepted(product: Product, body: string): Promise<boolean> {
  try {
    const path = `/kapacitor/v1/write?db=${DB}&rp=autogen&precision=s`;
    return (await request(product, 'POST', path, { body, timeoutMs: 20_000 })).status === 204;
  } catch {
    return false;
  }
}
