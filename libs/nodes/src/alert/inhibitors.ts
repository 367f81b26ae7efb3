import type { Group } from '@supercap/data-model';
import type { AlertPort } from '@supercap/pipeline';
import type { Inhibitor } from './alert.node';

/** What the groups of one alert node inhibit now. */
export class Inhibitors {
  /** Ids of the groups whose inhibitors are active. */
  private readonly active = new Map<string, Group>();

  constructor(
    private readonly inhibitors: readonly Inhibitor[],
    private readonly node: string,
    private readonly port: AlertPort,
  ) {}

  set(group: Group, active: boolean): void {
    if (this.inhibitors.length === 0 || this.active.has(group.id) === active) return;
    if (active) this.active.set(group.id, group);
    else this.active.delete(group.id);
    this.inhibitors.forEach(({ category, tags }, i) => {
      const values = Object.fromEntries(tags.map((tag) => [tag, group.tags.get(tag) ?? '']));
      this.port.inhibit(`${this.node}:${i}:${group.id}`, category, values, active);
    });
  }

  close(): void {
    for (const group of [...this.active.values()]) this.set(group, false);
  }
}
