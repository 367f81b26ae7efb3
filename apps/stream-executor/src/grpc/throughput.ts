import type { Dataflow } from '@supercap/dataflow';

const INTERVAL_MS = 1000;

/** Messages per second that enter each task, worked out every second. */
export class Throughput {
  private readonly last = new Map<string, { count: number; rate: number }>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly running: () => readonly (readonly [taskId: string, dataflow: Dataflow | undefined])[]) {
    this.timer = setInterval(() => this.measure(), INTERVAL_MS);
    this.timer.unref();
  }

  private measure(): void {
    const tasks = new Set<string>();
    for (const [taskId, dataflow] of this.running()) {
      if (dataflow === undefined) continue;
      tasks.add(taskId);
      const count = dataflow.sourceMessages;
      const before = this.last.get(taskId)?.count ?? count;
      this.last.set(taskId, { count, rate: (Math.max(0, count - before) * 1000) / INTERVAL_MS });
    }
    for (const taskId of this.last.keys()) if (!tasks.has(taskId)) this.last.delete(taskId);
  }

  of(taskId: string): number {
    return this.last.get(taskId)?.rate ?? 0;
  }

  close(): void {
    clearInterval(this.timer);
  }
}
