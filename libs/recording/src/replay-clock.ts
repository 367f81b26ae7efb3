import { Batch, Point, type Time } from '@supercap/data-model';

export interface ReplayTiming {
  /** Points keep their times, instead of counting from now on. */
  readonly recordingTime: boolean;
  /** `real` keeps the distances between the points in wall time. */
  readonly pace: 'fast' | 'real';
}

/**
 * The times of one source of a replay. The first point that comes counts as `zero`, the wall time at which the replay
 * began; what follows keeps its distance.
 */
export class SourceClock {
  private shift: bigint | undefined;

  constructor(
    private readonly timing: ReplayTiming,
    private readonly zero: Time,
  ) {}

  /** The wall time at which a point of this time is due. */
  due(time: Time): Time {
    this.shift ??= this.zero - time;
    return time + this.shift;
  }

  /** The wall time to wait for before a point of this time goes out; undefined: none. */
  waitsFor(time: Time): Time | undefined {
    const due = this.due(time);
    return this.timing.pace === 'real' ? due : undefined;
  }

  point(point: Point): Point {
    const due = this.due(point.time);
    return this.timing.recordingTime ? point : point.withTime(due);
  }

  /** A batch that has points. Its end is not shifted, but never before its last point. */
  batch(batch: Batch): Batch {
    const points = batch.points.map((point) => this.point(point));
    const last = points[points.length - 1]!.time;
    return new Batch(batch.name, batch.group, batch.time < last ? last : batch.time, points);
  }
}
