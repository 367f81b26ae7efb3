import { type Batch, type Group, Point, roundTime, type Time } from '@supercap/data-model';
import type { FieldPlan } from './field-plan';

interface Rows {
  readonly plan: FieldPlan;
  readonly tolerance: bigint;
  /** Rows that some parents lack are filled; else they are dropped. */
  readonly filled: boolean;
}

/** Walks through the batches side by side and joins the points of one (rounded) time. Points must be in order. */
export function joinRows(
  members: readonly (Batch | undefined)[],
  group: Group,
  name: string,
  { plan, tolerance, filled }: Rows,
): Point[] {
  const cursors = new Int32Array(members.length);
  const row = new Array<Point | undefined>(members.length);
  const points: Point[] = [];
  for (;;) {
    let time: Time | undefined;
    for (let i = 0; i < members.length; i++) {
      const point = members[i]?.points[cursors[i]!];
      if (point === undefined) continue;
      const at = roundTime(point.time, tolerance);
      if (time === undefined || at < time) time = at;
    }
    if (time === undefined) return points;
    let missing = false;
    for (let i = 0; i < members.length; i++) {
      const point = members[i]?.points[cursors[i]!];
      if (point !== undefined && roundTime(point.time, tolerance) === time) {
        row[i] = point;
        cursors[i]!++;
      } else {
        row[i] = undefined;
        missing = true;
      }
    }
    if (missing && !filled) continue;
    const { layout, values } = plan.join(row);
    points.push(new Point(name, '', '', group, group.tags, layout, values, time));
  }
}
