import { Dimensions, type Point } from '@supercap/data-model';
import type { Edge } from './edge';
import type { NodeRunner } from './node-runner';
import type { SelectedSource } from './subscriber';

/**
 * Feeds the children of a source. It touches as little memory as it can: among a thousand tasks, each of which gets a
 * point now and then, what is touched is what they cost.
 */
export class SelectedEntrance implements SelectedSource {
  changed = false;
  private open = true;
  /** Where there is but one way, and nobody watches it. */
  private readonly only: Edge | undefined;

  constructor(
    private readonly dimensions: Dimensions,
    private readonly runner: NodeRunner,
    readonly number: number,
  ) {
    const [only, ...others] = runner.outlets;
    this.only = runner.isWatched || others.length > 0 ? undefined : only;
  }

  feed(point: Point): void {
    if (!this.open) return;
    this.changed = true;
    const { dimensions, only } = this;
    const group = dimensions === Dimensions.none ? point.group : point.tags.groupFor(dimensions, point.name);
    const grouped = group === point.group ? point : point.withGroup(group);
    if (only === undefined) this.runner.send(grouped);
    else only.send(grouped);
  }

  close(): void {
    this.open = false;
  }
}
