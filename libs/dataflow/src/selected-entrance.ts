import { Dimensions, type Point } from '@supercap/data-model';
import type { NodeRunner } from './node-runner';
import type { SelectedSource } from './router';

/**
 * Feeds the children of a source. It touches as little memory as it can: among a thousand tasks, each of which gets a
 * point now and then, what is touched is what they cost.
 */
export class SelectedEntrance implements SelectedSource {
  changed = false;
  private open = true;

  constructor(
    private readonly dimensions: Dimensions,
    private readonly runner: NodeRunner,
  ) {}

  feed(point: Point): void {
    if (!this.open) return;
    this.changed = true;
    const { dimensions } = this;
    const group = dimensions === Dimensions.none ? point.group : point.tags.groupFor(dimensions, point.name);
    this.runner.send(group === point.group ? point : point.withGroup(group));
  }

  close(): void {
    this.open = false;
  }
}
