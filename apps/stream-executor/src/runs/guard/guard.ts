import type { ExecutorLeases } from '@supercap/storage';
import { randomUUID } from 'node:crypto';
import { NO_RUN, type SharedWatch } from './shared-watch';

/** What the guard tells the loop. */
export type GuardNews =
  | { readonly kind: 'gained'; readonly id: string }
  | { readonly kind: 'lost'; readonly id: string }
  | { readonly kind: 'late'; readonly error: string };

/** What the loop tells the guard. */
export type GuardOrder =
  | { readonly kind: 'ready'; readonly id: string }
  | { readonly kind: 'runs'; readonly number: number; readonly taskId: string; readonly epoch: bigint }
  | { readonly kind: 'gone'; readonly number: number }
  | { readonly kind: 'stop' };

export interface GuardOptions {
  readonly address: string;
  readonly leaseMs: number;
  /** So long one message may hold the loop. */
  readonly holdMs: number;
}

export interface GuardPorts {
  readonly leases: Pick<ExecutorLeases, 'renew' | 'register' | 'unregister' | 'noteBusy' | 'ban'>;
  tell(news: GuardNews): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  /** Ends the process at once. */
  end(): void;
}

const LOOK_MS = 250;
/** A look that comes late has not seen what was between: the whole process may have stood still. */
const MOST_PER_LOOK_MS = 2 * LOOK_MS;
/** From here on it is noted whose message holds the loop, in case that the process dies of it. */
const NOTED_AFTER_MS = 1000;

/**
 * Renews the lease and watches the loop from a thread of its own, since whatever holds the loop must cost the run that
 * does it, and not the executor with all others.
 */
export class Guard {
  /** New at every start, and after the lease was lost. */
  private id = randomUUID();
  private registered = false;
  private ready = false;
  private stopped = false;
  private renewing: Promise<void> = Promise.resolve();
  private renewTimer: NodeJS.Timeout | undefined;
  private lookTimer: NodeJS.Timeout | undefined;
  private readonly runs = new Map<number, { readonly taskId: string; readonly epoch: bigint }>();
  private beats = -1;
  private heldMs = 0;
  private lastLook = performance.now();
  private noted: string | undefined;

  constructor(
    private readonly watch: SharedWatch,
    private readonly options: GuardOptions,
    private readonly ports: GuardPorts,
  ) {}

  start(): void {
    const loop = async () => {
      this.renewing = this.renew();
      await this.renewing;
      if (!this.stopped) this.renewTimer = setTimeout(() => void loop(), this.options.leaseMs / 4);
    };
    void loop();
    this.lookTimer = setInterval(() => void this.look(), LOOK_MS);
  }

  async take(order: GuardOrder): Promise<void> {
    switch (order.kind) {
      case 'ready':
        if (order.id !== this.id) return;
        this.ready = true;
        this.renewing = this.renewing.then(() => this.renew());
        return this.renewing;
      case 'runs':
        this.runs.set(order.number, order);
        return;
      case 'gone':
        this.runs.delete(order.number);
        return;
      case 'stop':
        return this.stop();
    }
  }

  private async renew(): Promise<void> {
    const { watch, options, ports } = this;
    const { leaseMs } = options;
    const sent = process.hrtime.bigint();
    try {
      if (this.registered && !(await ports.leases.renew(this.id, leaseMs))) {
        watch.holdUntil(0n);
        ports.tell({ kind: 'lost', id: this.id });
        this.id = randomUUID();
        this.registered = false;
        this.ready = false;
      }
      if (!this.registered) {
        await ports.leases.register(this.id, options.address, leaseMs);
        this.registered = true;
        ports.tell({ kind: 'gained', id: this.id });
      } else if (this.ready) watch.holdUntil(sent + BigInt(leaseMs) * 1_000_000n);
    } catch (error) {
      ports.tell({ kind: 'late', error: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Looks whether the loop turns, and who holds it if not. */
  async look(): Promise<void> {
    const { watch, options, ports } = this;
    const now = performance.now();
    const passed = Math.min(now - this.lastLook, MOST_PER_LOOK_MS);
    this.lastLook = now;
    const { beats } = watch;
    this.heldMs = beats === this.beats ? this.heldMs + passed : 0;
    this.beats = beats;
    const run = watch.run === NO_RUN ? undefined : this.runs.get(watch.run);
    try {
      if (this.heldMs >= options.holdMs && run !== undefined) {
        await this.banish(run);
      } else if (this.heldMs >= NOTED_AFTER_MS && run !== undefined) {
        if (this.noted === run.taskId) return;
        this.noted = run.taskId;
        await ports.leases.noteBusy(this.id, run.taskId);
      } else if (this.heldMs === 0 && this.noted !== undefined) {
        this.noted = undefined;
        await ports.leases.noteBusy(this.id, undefined);
      }
    } catch (error) {
      ports.warn(
        { err: error instanceof Error ? error.message : String(error) },
        'the guard could not note what it saw',
      );
    }
  }

  private async banish(run: { readonly taskId: string; readonly epoch: bigint }): Promise<void> {
    const { leases, warn, end } = this.ports;
    clearInterval(this.lookTimer);
    const seconds = Math.round(this.options.holdMs / 100) / 10;
    const reason = `one message held the executor for more than ${seconds} s`;
    warn({ task: run.taskId, executor: this.id }, `${reason}: the task is stopped and the executor starts anew`);
    // Where the database is away nobody takes the runs either: the fall is counted by whoever buries this executor.
    await leases.ban(run, reason).catch(() => undefined);
    await leases.unregister(this.id).catch(() => undefined);
    end();
  }

  private async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.renewTimer);
    clearInterval(this.lookTimer);
    await this.renewing;
    this.watch.holdUntil(0n);
    if (this.registered) await this.ports.leases.unregister(this.id).catch(() => undefined);
  }
}
