import type { Point } from '@supercap/data-model';
import type { Dataflow, RoutedBlock, SelectedSource, SourceFilter, Subscriber } from '@supercap/dataflow';
import { NO_RUN } from './guard/shared-watch';
import { shortcutsOf, sourceFilters } from '@supercap/nodes';
import { decodePipeline, type Pipeline } from '@supercap/pipeline';
import type { ClaimedRun } from '@supercap/storage';

/** Where in a run's life an event came from: the log entry, or a tick of the clock. */
export interface Place {
  readonly offset: string;
}

export type RunStatus = 'building' | 'running' | 'draining' | 'ended' | 'failed' | 'lost';

/** One task run that this executor owns: its dataflow and its place in the log. */
export class TaskRun implements Subscriber {
  readonly taskId: string;
  readonly generation: number;
  readonly epoch: bigint;
  readonly pipeline: Pipeline;
  readonly dbrps: ClaimedRun['definition']['dbrps'];
  readonly filters: readonly SourceFilter[];
  dataflow!: Dataflow;
  status: RunStatus = 'building';
  /** Everything up to here has passed through the dataflow. */
  offset: string;
  /** Disabling: the run ends when it is here. */
  drainTo: string | undefined;
  /** What the database holds. */
  savedOffset: string | undefined;
  lastSave = Date.now();
  /** A snapshot is being written or stored. */
  saving = false;
  /** Resolves when a snapshot that is being written is done. */
  busy: Promise<void> = Promise.resolve();
  error = '';

  constructor(
    claimed: ClaimedRun,
    offset: string,
    /** What the guard knows it by; not that of any other run of this process. */
    readonly number: number = NO_RUN,
  ) {
    this.taskId = claimed.taskId;
    this.generation = claimed.generation;
    this.epoch = claimed.epoch;
    this.pipeline = decodePipeline(claimed.definition.pipeline);
    this.dbrps = claimed.definition.dbrps;
    this.filters = sourceFilters(this.pipeline);
    this.drainTo = claimed.drainTo ?? undefined;
    this.offset = offset;
    this.savedOffset = claimed.offset ?? undefined;
  }

  get active(): boolean {
    return this.status === 'running' || this.status === 'draining';
  }

  feed(point: Point): void {
    this.dataflow.feed(point);
  }

  feedRow: ((block: RoutedBlock, row: number) => void) | undefined;
  selected: SelectedSource | undefined;

  /** Called once the dataflow runs. */
  begin(): void {
    ({ feedRow: this.feedRow, selected: this.selected } = shortcutsOf(this.dataflow));
  }

  skip(count: number): void {
    this.dataflow.skip(count);
  }
}
