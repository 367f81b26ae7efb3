import type { InfluxPort, InfluxWrite } from '@supercap/pipeline';

/** Lines for one target that are not written yet. Plain data. */
export interface Pending {
  readonly db: string;
  readonly rp: string;
  readonly lines: string[];
  points: number;
}

/** Plain data: what a write that was cut short by a crash must do again is in `sending`. */
export interface InfluxDBOutShared {
  readonly pending: Map<string, Pending>;
  readonly sending: Map<number, InfluxWrite & { readonly points: number }>;
  /** Points in both. */
  held: number;
  next: number;
}

export const emptyBuffers = (): InfluxDBOutShared => ({ pending: new Map(), sending: new Map(), held: 0, next: 0 });

interface Target {
  readonly cluster: string;
  readonly precision: string;
  readonly consistency: string;
}

interface Surroundings {
  readonly target: Target;
  /** Points per write; a batch is never split. */
  readonly size: number;
  /** Points that may be held; what comes on top is dropped. */
  readonly limit: number;
  readonly port: Pick<InfluxPort, 'write'>;
  /** Writes begin when this has settled. */
  readonly ready: Promise<unknown>;
  /** The buffers, which a restart replaces. */
  buffers(): InfluxDBOutShared;
  written(points: number): void;
  failed(cause: string): void;
  dropped(points: number): void;
}

export class WriteBuffer {
  private readonly active = new Map<number, Promise<void>>();

  constructor(private readonly around: Surroundings) {}

  /** Adds the lines of one message, and writes if there are enough. */
  add(db: string, rp: string, lines: readonly string[]): void {
    if (lines.length === 0) return;
    const buffers = this.around.buffers();
    if (buffers.held + lines.length > this.around.limit) {
      this.around.dropped(lines.length);
      return;
    }
    const key = JSON.stringify([db, rp]);
    let pending = buffers.pending.get(key);
    if (pending === undefined) {
      pending = { db, rp, lines: [], points: 0 };
      buffers.pending.set(key, pending);
    }
    for (const line of lines) pending.lines.push(line);
    pending.points += lines.length;
    buffers.held += lines.length;
    if (pending.points >= this.around.size) this.write(buffers, key, pending);
  }

  /** Writes all there is; resolves when everything has been written or has failed. */
  async flush(): Promise<void> {
    const buffers = this.around.buffers();
    for (const [key, pending] of [...buffers.pending]) this.write(buffers, key, pending);
    for (const id of buffers.sending.keys()) if (!this.active.has(id)) this.send(buffers, id);
    await Promise.all(this.active.values());
  }

  private write(buffers: InfluxDBOutShared, key: string, { db, rp, lines, points }: Pending): void {
    buffers.pending.delete(key);
    const id = buffers.next++;
    buffers.sending.set(id, { ...this.around.target, db, rp, body: `${lines.join('\n')}\n`, points });
    this.send(buffers, id);
  }

  private send(buffers: InfluxDBOutShared, id: number): void {
    const { points, ...write } = buffers.sending.get(id)!;
    const done = async () => {
      try {
        await this.around.ready;
        await this.around.port.write(write);
        this.around.written(points);
      } catch (error) {
        this.around.failed(error instanceof Error ? error.message : String(error));
      }
      buffers.sending.delete(id);
      buffers.held -= points;
      this.active.delete(id);
    };
    this.active.set(id, done());
  }
}
