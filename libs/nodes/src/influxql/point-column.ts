import type { Point } from '@supercap/data-model';
import type { Column } from './column';

/** Columns of a single point, made without new arrays: each is used up before the next. */
export class PointColumn {
  private readonly floats = new Float64Array(1);
  private readonly ints: bigint[] = [0n];
  private readonly others: (string | boolean)[] = [''];
  private readonly points: Point[] = [];

  of(point: Point, value: number | bigint | string | boolean): Column {
    this.points[0] = point;
    const { points } = this;
    switch (typeof value) {
      case 'number':
        this.floats[0] = value;
        return { kind: 'float', floats: this.floats, points, count: 1 };
      case 'bigint':
        this.ints[0] = value;
        return { kind: 'int', ints: this.ints, points, count: 1 };
      default:
        this.others[0] = value;
        return { kind: typeof value === 'string' ? 'string' : 'bool', others: this.others, points, count: 1 };
    }
  }
}
