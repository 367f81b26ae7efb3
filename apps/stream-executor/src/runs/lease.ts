import type { Logger } from '@supercap/telemetry';
import type { GuardNews, GuardOrder } from './guard/guard';
import type { SharedWatch } from './guard/shared-watch';

/** The guard's thread, as the loop sees it. */
export interface GuardThread {
  tell(order: GuardOrder): void;
  onNews(listener: (news: GuardNews) => void): void;
  /** Resolves when the lease is given back and the thread has ended. */
  stop(): Promise<void>;
}

const BEAT_MS = 100;

/**
 * This executor's own lease in Postgres, renewed by its guard. While it does not stand nothing is read and nothing stored;
 * it is lost only when somebody else has buried this executor.
 */
export class Lease {
  /** Empty until there is one. */
  id = '';
  private beating: NodeJS.Timeout | undefined;
  private opened: (() => void) | undefined;

  constructor(
    readonly watch: SharedWatch,
    private readonly thread: () => GuardThread,
    private readonly lost: () => void,
    /** It has a lease, for the first time or under another id than before. */
    private readonly gained: (id: string) => Promise<void>,
    private readonly log: Logger,
  ) {}

  private guard: GuardThread | undefined;

  /** By this process' own clock, never by that of the database. */
  get valid(): boolean {
    return this.watch.leased;
  }

  /** Resolves once the executor is registered. */
  async open(): Promise<void> {
    this.beating = setInterval(() => this.watch.beat(), BEAT_MS);
    const registered = new Promise<void>((resolve) => (this.opened = resolve));
    const guard = this.thread();
    this.guard = guard;
    guard.onNews((news) => this.take(news));
    await registered;
  }

  /** Says which run has a number in `watch` from now on. */
  watchRun(number: number, run: { readonly taskId: string; readonly epoch: bigint }): void {
    this.guard?.tell({ kind: 'runs', number, taskId: run.taskId, epoch: run.epoch });
  }

  unwatchRun(number: number): void {
    this.guard?.tell({ kind: 'gone', number });
  }

  private take(news: GuardNews): void {
    switch (news.kind) {
      case 'gained':
        this.id = news.id;
        void this.begin(news.id);
        return;
      case 'lost':
        this.log.warn({ executor: news.id }, 'the lease was taken away: its runs stop here');
        this.lost();
        return;
      case 'late':
        this.log.warn({ err: news.error }, 'the lease could not be renewed');
    }
  }

  private async begin(id: string): Promise<void> {
    for (let delay = 100; id === this.id; delay = Math.min(delay * 2, 5000)) {
      try {
        await this.gained(id);
        this.guard?.tell({ kind: 'ready', id });
        this.opened?.();
        return;
      } catch (error) {
        this.log.warn({ err: error instanceof Error ? error.message : String(error) }, 'the executor cannot begin yet');
        await new Promise((resolve) => setTimeout(resolve, delay));
      }
    }
  }

  async close(): Promise<void> {
    clearInterval(this.beating);
    await this.guard?.stop();
  }
}
