import { Layout, Tags } from '@supercap/data-model';
import { encodeEntry } from '@supercap/line-protocol';
import { encodePipeline, type Pipeline } from '@supercap/pipeline';
import { compareOffsets, type LogEntry } from '@supercap/point-log';
import type { ClaimedRun } from '@supercap/storage';

/** A log in memory whose readers are woken by every append. */
export class FakeLog {
  readonly entries: LogEntry[] = [];
  private waiters: (() => void)[] = [];

  /** How often entries were asked for. */
  fetches = 0;

  /** An entry of so many points, with values that count up. */
  append(value: number, points = 1): string {
    const offset = `${this.entries.length + 1}-0`;
    const layout = Layout.of(['v']);
    const all = Array.from({ length: points }, (_, i) => {
      return { name: 'm', tags: Tags.none, layout, values: [value + i], time: 1n };
    });
    this.entries.push({ offset, entry: Buffer.from(encodeEntry(all, 'db', 'rp')) });
    for (const wake of this.waiters.splice(0)) wake();
    return offset;
  }

  async range(from: string, to: string, count: number): Promise<LogEntry[]> {
    this.fetches++;
    await Promise.resolve();
    return this.entries
      .filter(({ offset }) => compareOffsets(offset, from) > 0 && (to === '+' || compareOffsets(offset, to) <= 0))
      .slice(0, count);
  }

  async tail(): Promise<string> {
    return Promise.resolve(this.entries.at(-1)?.offset ?? '0-0');
  }

  async checkOffset(): Promise<void> {
    await Promise.resolve();
  }

  async *readFrom(
    from: string,
    { signal }: { signal?: AbortSignal } = {},
  ): AsyncGenerator<LogEntry[], void, undefined> {
    let at = from;
    while (!signal?.aborted) {
      const more = await this.range(at, '+', 3);
      if (more.length > 0) {
        at = more.at(-1)!.offset;
        yield more;
      } else {
        await new Promise<void>((resolve) => {
          const done = () => {
            signal?.removeEventListener('abort', done);
            resolve();
          };
          this.waiters.push(done);
          signal?.addEventListener('abort', done);
        });
      }
    }
  }
}

const pipeline: Pipeline = {
  version: 1,
  type: 'stream',
  nodes: [
    {
      id: 0,
      name: 'stream0',
      kind: 'stream',
      parents: [],
      children: [1],
      provides: 'stream',
      quiet: false,
      options: {},
    },
    {
      id: 1,
      name: 'from1',
      kind: 'from',
      parents: [0],
      children: [],
      provides: 'stream',
      quiet: false,
      options: {
        database: '',
        retentionPolicy: '',
        measurement: 'm',
        groupBy: [],
        groupByMeasurement: false,
        truncate: 0n,
        round: 0n,
      },
    },
  ],
};

/** A run of `stream|from().measurement('m')` as the database gives it to its new owner. */
export function claimedRun(taskId: string, offset: string): ClaimedRun {
  return {
    taskId,
    generation: 1,
    epoch: 1n,
    definition: {
      revision: 1,
      type: 'stream',
      script: '',
      dbrps: [{ db: 'db', rp: 'rp' }],
      pipeline: encodePipeline(pipeline),
      dot: '',
      legacyDot: '',
    },
    offset,
    drainTo: null,
    hasSnapshot: false,
  };
}
