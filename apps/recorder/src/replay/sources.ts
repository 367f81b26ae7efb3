import type { Batch, Point, Time } from '@supercap/data-model';
import { encodeEntry } from '@supercap/line-protocol';
import { type ReplayTiming, SourceClock } from '@supercap/recording';
import { batchToJson } from '@supercap/recording';
import type { executor } from '@supercap/protocol';
import type { Pacer } from './pacer';

const ENTRY_POINTS = 1000;

/** Where the points of a replay go. */
export interface ReplayTarget {
  readonly isOver: boolean;
  send(input: executor.ReplayInput): Promise<void>;
}

/** Sends the points of a stream recording in entries, each when its points are due. */
export async function sendStream(
  lists: AsyncIterable<readonly Point[]>,
  timing: ReplayTiming,
  zero: Time,
  pacer: Pacer,
  target: ReplayTarget,
): Promise<void> {
  const clock = new SourceClock(timing, zero);
  let waiting: Point[] = [];
  const flush = async () => {
    const [first] = waiting;
    if (first === undefined) return;
    const entry = Buffer.from(encodeEntry(waiting, first.db, first.rp));
    waiting = [];
    await target.send({ entry });
  };
  for await (const points of lists) {
    for (const point of points) {
      const due = clock.waitsFor(point.time);
      const [first] = waiting;
      const isFull = waiting.length >= ENTRY_POINTS;
      const isForeign = first !== undefined && (first.db !== point.db || first.rp !== point.rp);
      const mustWait = due !== undefined && !pacer.isDue(due);
      if (isFull || isForeign || mustWait) await flush();
      if (mustWait) await pacer.until(due);
      if (target.isOver) return;
      waiting.push(clock.point(point));
    }
  }
  await flush();
}

/** Sends the batches of one query, each when its last point is due. `query`: the place of its node among the queries. */
export async function sendBatches(
  batches: AsyncIterable<Batch>,
  query: number,
  timing: ReplayTiming,
  zero: Time,
  pacer: Pacer,
  target: ReplayTarget,
): Promise<void> {
  const clock = new SourceClock(timing, zero);
  for await (const batch of batches) {
    clock.due(batch.points[0]!.time);
    const due = clock.waitsFor(batch.points[batch.points.length - 1]!.time);
    if (due !== undefined) await pacer.until(due);
    if (target.isOver) return;
    await target.send({ batch: { query, batchJson: batchToJson(clock.batch(batch)) } });
  }
}
