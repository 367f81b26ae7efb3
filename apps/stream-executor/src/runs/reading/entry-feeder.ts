import type { EntryPass, LoopWatch, Origin, Router } from '@supercap/dataflow';
import { EntryReader } from '@supercap/line-protocol';
import type { LogEntry } from '@supercap/point-log';
import type { Logger } from '@supercap/telemetry';
import type { Place } from '../task-run';

export interface FeedingHooks {
  /** Whether the lease still stands, by this process' own clock. */
  mayProceed(): boolean;
  /** Effects so far wait to go out: nothing more is fed until they have. */
  ready(): Promise<void> | undefined;
  /** Is told whose code runs. */
  readonly watch?: LoopWatch;
}

/** Longer than this no entry holds the loop. */
const TURN_MS = 10;
/** The clock is looked at after so many rows. */
const ROWS = 16;
/** Without a lease nothing is fed; it is asked for again after so long. */
const UNLEASED_MS = 20;

interface Waiting {
  readonly work: () => void;
  readonly done: (worked: boolean) => void;
}

/**
 * Feeds entries to routers: one entry at a time, whosever it is, in slices with a turn of the loop between them. What
 * must not see an entry half done asks to run between two.
 */
export class EntryFeeder {
  /** Where what is being fed comes from. */
  readonly origin: Origin = { current: undefined };
  private readonly entries = new EntryReader();
  private lastTurn = performance.now();
  /** What is left of the entry that is under way. */
  private rest: Promise<void> | undefined;
  /** The lease fell in the middle of it. */
  private stalled = false;
  private stopped = false;
  private waiting: Waiting[] = [];

  constructor(
    private readonly hooks: FeedingHooks,
    private readonly logger: Logger,
  ) {}

  get watch(): LoopWatch | undefined {
    return this.hooks.watch;
  }

  /** Feeds a whole entry. `passed` is called at its end, before anything else can happen. */
  async feed(router: Router, { entry, offset }: LogEntry, passed: () => void): Promise<void> {
    while (this.rest !== undefined) await this.rest;
    const pass = this.passOf(router, entry, offset);
    const place: Place = { offset };
    if (pass === undefined || !this.slice(pass, place)) return passed();
    this.rest = this.goOn(pass, place, passed);
    await this.rest;
  }

  /** Runs `work` between two entries: at once if none is under way. False if it cannot be, since the lease fell meanwhile. */
  between(work: () => void): Promise<boolean> {
    if (this.stalled) return Promise.resolve(false);
    if (this.rest !== undefined) return new Promise((done) => this.waiting.push({ work, done }));
    work();
    return Promise.resolve(true);
  }

  /** Waits while the lease does not stand: its loss is told to the runs, a late renewal lets them go on. */
  async leased(): Promise<void> {
    while (!this.hooks.mayProceed() && !this.stopped) {
      await new Promise((resolve) => setTimeout(resolve, UNLEASED_MS));
    }
  }

  /** Between two entries: waits for effects where it must, and gives the loop a turn where it has been long. */
  async breathe(): Promise<void> {
    const ready = this.hooks.ready();
    if (ready !== undefined) await ready;
    if (performance.now() - this.lastTurn >= TURN_MS) await this.turn();
  }

  stop(): void {
    this.stopped = true;
  }

  private passOf(router: Router, bytes: Buffer, offset: string): EntryPass | undefined {
    try {
      return router.pass(this.entries.read(bytes));
    } catch (error) {
      // An entry that cannot be read is the same for every run: leave it out, loudly, rather than stop for ever.
      this.logger.error({ err: error, offset }, 'an entry of the write log cannot be read');
      return undefined;
    }
  }

  /** Whether anything is left. */
  private slice(pass: EntryPass, place: Place): boolean {
    const until = performance.now() + TURN_MS;
    this.origin.current = place;
    let more = pass.step(ROWS);
    while (more && performance.now() < until) more = pass.step(ROWS);
    return more;
  }

  private async goOn(pass: EntryPass, place: Place, passed: () => void): Promise<void> {
    try {
      do {
        await this.stillLeased();
        await this.hooks.ready();
        await this.turn();
        if (this.stopped) return;
      } while (this.slice(pass, place));
      this.rest = undefined;
      passed();
      for (const { work, done } of this.waiting.splice(0)) {
        work();
        done(true);
      }
    } finally {
      this.rest = undefined;
      this.refuseWaiting();
    }
  }

  private async stillLeased(): Promise<void> {
    if (this.hooks.mayProceed()) return;
    this.stalled = true;
    this.refuseWaiting();
    await this.leased();
    this.stalled = false;
  }

  private refuseWaiting(): void {
    for (const { done } of this.waiting.splice(0)) done(false);
  }

  private async turn(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.lastTurn = performance.now();
  }
}
