import type { Group, Layout, Point, Tags } from '@supercap/data-model';
import type { Lambda } from '@supercap/tickscript';

/** What a `from` of a task asks for. Members that are absent match everything. */
export interface SourceFilter {
  readonly measurement?: string;
  readonly where?: Lambda;
  /** It stands behind another one, and only gets what that one passes on. */
  readonly nested?: boolean;
}

/** Is told whose code runs, by number: somebody may watch how long. */
export interface LoopWatch {
  enter(run: number): void;
  /** Nobody's any more. */
  leave(): void;
}

/** A task as the router sees it. */
export interface Subscriber {
  /** What a watch knows it by. */
  readonly number: number;
  readonly dbrps: readonly { readonly db: string; readonly rp: string }[];
  /** Of every `from`. */
  readonly filters: readonly SourceFilter[];
  feed(point: Point): void;
  /** Where it can, takes a row as it is and makes the point itself, grouped already. */
  feedRow?: ((block: RoutedBlock, row: number) => void) | undefined;
  /** Where points may enter for which the condition of its only source is known to hold. */
  selected?: SelectedSource | undefined;
  /** So many points were its due and did not go through `feed`: no `from` of it could have passed them, or one did. */
  skip(count: number): void;
}

/** What is fed here counts when the router settles: with a thousand tasks every counter is memory far away. */
export interface SelectedSource {
  /** What a watch knows its task by. */
  readonly number: number;
  feed(point: Point): void;
}

export interface RoutedSeries {
  readonly tags: Tags;
}

/** Rows of one measurement and one set of fields. */
export interface RoutedBlock {
  readonly name: string;
  readonly layout: Layout;
  readonly count: number;
  seriesAt(row: number): RoutedSeries;
  pointAt(row: number, group?: Group): Point;
}

export interface RoutedEntry {
  readonly db: string;
  readonly rp: string;
  readonly blocks: readonly RoutedBlock[];
  /** The block of every row, where there is more than one block: rows of a block come in its own order. */
  readonly order?: ArrayLike<number> | undefined;
}
