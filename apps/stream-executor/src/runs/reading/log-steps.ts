import type { LogEntry, PointLog } from '@supercap/point-log';

/** About so many bytes are fetched at once. */
const STEP_BYTES = 1024 * 1024;
const MOST_ENTRIES = 128;

/** Reads on from a place, in steps that are small in bytes whatever the size of the entries. */
export class LogSteps {
  private entries = 1;

  constructor(private readonly log: Pick<PointLog, 'range'>) {}

  async after(offset: string): Promise<LogEntry[]> {
    const entries = await this.log.range(offset, '+', this.entries);
    if (entries.length === 0) return entries;
    const bytes = entries.reduce((sum, { entry }) => sum + entry.length, 0);
    const fitting = Math.floor((STEP_BYTES * entries.length) / Math.max(1, bytes));
    // Entries grow: the next step is at most twice as long as this one.
    this.entries = Math.max(1, Math.min(fitting, MOST_ENTRIES, entries.length * 2));
    return entries;
  }
}
