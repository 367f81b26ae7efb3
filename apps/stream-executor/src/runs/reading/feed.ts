import { Router, type LoopWatch } from '@supercap/dataflow';
import { LOG_START, compareOffsets } from '@supercap/point-log';
import type { TaskRun } from '../task-run';

/** Runs that read the log together: they are at one place, and others, which are ahead of it, join when it is theirs. */
export class Feed {
  readonly router: Router;
  /** Everything up to here has been handed to the runs. */
  offset = LOG_START;
  /** The entry that is on its way to them; else the offset. */
  head = LOG_START;
  private readonly joined = new Set<TaskRun>();
  /** Those of them that are looked at after every entry: they drain, or may be full. */
  private readonly attended = new Set<TaskRun>();
  /** Runs that are ahead, the nearest first. */
  private readonly expected: TaskRun[] = [];

  /** `feeds`: where every run is, kept up to date. `isAlone`: it is that of one slow run. */
  constructor(
    private readonly feeds: Map<TaskRun, Feed>,
    watch: LoopWatch | undefined,
    readonly isAlone = false,
  ) {
    this.router = new Router(watch);
  }

  get empty(): boolean {
    return this.joined.size === 0 && this.expected.length === 0;
  }

  get size(): number {
    return this.joined.size;
  }

  has(run: TaskRun): boolean {
    return this.joined.has(run);
  }

  /** Whether the run can be taken in: what it has not seen has not begun to pass. */
  canTake(run: TaskRun): boolean {
    return compareOffsets(run.offset, this.head) >= 0;
  }

  /** Takes in a run that may be ahead. */
  take(run: TaskRun): void {
    this.feeds.set(run, this);
    if (run.offset === this.offset) return this.join(run);
    let at = this.expected.length;
    while (at > 0 && compareOffsets(this.expected[at - 1]!.offset, run.offset) > 0) at--;
    this.expected.splice(at, 0, run);
  }

  /** Where it is, or will begin. */
  get place(): string {
    return (this.joined.size === 0 ? this.expected[0]?.offset : undefined) ?? this.head;
  }

  /** With nobody in it yet: goes to where the first of those that are expected is. */
  start(): void {
    if (this.place !== this.head) this.moveTo(this.place);
  }

  /** Before an entry: runs whose place lies between it and the one before join now. */
  admitBefore(offset: string): void {
    let first: TaskRun | undefined;
    while ((first = this.expected[0]) !== undefined && compareOffsets(first.offset, offset) < 0) {
      this.moveTo(first.offset);
    }
  }

  /** The entry begins to pass. */
  begin(offset: string): void {
    this.head = offset;
  }

  get isBetweenEntries(): boolean {
    return this.head === this.offset;
  }

  /** Everything up to there has been handed out. */
  moveTo(offset: string): void {
    this.offset = this.head = offset;
    let first: TaskRun | undefined;
    while ((first = this.expected[0]) !== undefined && compareOffsets(first.offset, offset) <= 0) this.joinFirst();
  }

  /** Feeding the entry failed: it has still to come. */
  giveUp(): void {
    this.head = this.offset;
  }

  /** Those that have reached their end, and those that cannot take more for now. */
  leaving(): TaskRun[] {
    if (this.attended.size === 0) return [];
    return [...this.attended].filter((run) => this.isDrained(run) || run.dataflow.saturated);
  }

  isDrained(run: TaskRun): boolean {
    const at = this.joined.has(run) ? this.offset : run.offset;
    return run.drainTo !== undefined && compareOffsets(at, run.drainTo) >= 0;
  }

  attend(run: TaskRun): void {
    if (this.joined.has(run)) this.attended.add(run);
  }

  /** Brings the counters and the place of a run up to date. */
  settle(run: TaskRun): void {
    if (!this.joined.has(run)) return;
    this.router.settle(run);
    run.offset = this.offset;
  }

  remove(run: TaskRun): void {
    this.feeds.delete(run);
    if (this.joined.has(run)) {
      this.router.remove(run);
      run.offset = this.offset;
      this.joined.delete(run);
      this.attended.delete(run);
      return;
    }
    const at = this.expected.indexOf(run);
    if (at >= 0) this.expected.splice(at, 1);
  }

  /** Takes everybody out. */
  clear(): TaskRun[] {
    const all = [...this.joined, ...this.expected];
    for (const run of all) this.remove(run);
    return all;
  }

  private joinFirst(): void {
    const run = this.expected.shift();
    if (run !== undefined) this.join(run);
  }

  private join(run: TaskRun): void {
    this.joined.add(run);
    this.router.add(run);
    if (run.drainTo !== undefined || run.dataflow.waits) this.attended.add(run);
  }
}
