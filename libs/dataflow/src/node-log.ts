import type { Clock, LogFields, LogLevel } from '@supercap/pipeline';

export type TaskLog = (level: LogLevel, message: string, fields: LogFields) => void;

const WINDOW_NS = 1_000_000_000n;

/**
 * Error log of one node. At most `perSecond` lines a second: a node that fails on every point must not make the log the
 * bottleneck of the others. What was left out is said in one line.
 */
export class ErrorLog {
  private windowStart = 0n;
  private written = 0;
  private suppressed = 0;

  constructor(
    private readonly log: TaskLog,
    private readonly clock: Clock,
    private readonly perSecond: number,
  ) {}

  write(message: string, fields: LogFields): void {
    const now = this.clock.now();
    if (now - this.windowStart >= WINDOW_NS) {
      if (this.suppressed > 0) {
        this.log('error', 'more errors of this node were not logged', {
          node: fields['node'],
          suppressed: this.suppressed,
        });
      }
      this.windowStart = now;
      this.written = 0;
      this.suppressed = 0;
    }
    if (this.written < this.perSecond) {
      this.written++;
      this.log('error', message, fields);
    } else this.suppressed++;
  }
}
