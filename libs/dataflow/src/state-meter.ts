import type { GroupEntry, GroupStates } from './group-states';
import { sizeOf } from './state-size';

/** What an entry costs beside its state: the entry, its place in the table, the group and its id. */
const ENTRY_BYTES = 300;

/**
 * How many bytes the groups of a node hold. It walks over them a stretch at a time; groups that a walk has not reached
 * yet count as the last one found them on the average.
 */
export class StateMeter {
  private walk: Iterator<GroupEntry<unknown>> | undefined;
  private seen = 0;
  private bytes = 0;
  private lastMean: number | undefined;

  constructor(private readonly states: GroupStates<unknown>) {}

  /** Looks at up to so many groups more. */
  measure(most: number): number {
    const { states } = this;
    this.walk ??= states.values();
    for (let i = 0; i < most; i++) {
      const next = this.walk.next();
      if (next.done === true) return this.ended();
      this.seen++;
      this.bytes += ENTRY_BYTES + sizeOf(next.value.state);
    }
    if (this.seen >= states.size) return this.ended();
    const mean = this.lastMean ?? this.bytes / this.seen;
    return this.bytes + (states.size - this.seen) * mean;
  }

  private ended(): number {
    const { bytes, seen } = this;
    this.lastMean = seen === 0 ? undefined : bytes / seen;
    this.walk = undefined;
    this.seen = 0;
    this.bytes = 0;
    return bytes;
  }
}
