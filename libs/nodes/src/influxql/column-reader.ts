import { type FieldValue, goTypeOf, type Layout, type Point } from '@supercap/data-model';
import { type Column, type Kind, kindOf } from './column';

type Report = (message: string, cause: string) => void;

const goKinds: Readonly<Record<Kind, string>> = { float: 'float64', int: 'int64', string: 'string', bool: 'bool' };

// One buffer for all: a column is used up before the next one is read.
let buffer = new Float64Array(1024);

/**
 * Takes the values of one field out of points. The first value decides the type; what does not fit is reported and left
 * out.
 */
export class ColumnReader {
  constructor(
    private readonly method: string,
    private readonly field: string,
    private readonly kinds: readonly Kind[],
    private readonly report: Report,
  ) {}

  /** Undefined if there is no value at all. */
  read(points: readonly Point[]): Column | undefined {
    return this.readFloats(points) ?? this.readAny(points);
  }

  /** The field's value if it fits what was accumulated so far (of type `expected`), else reported and undefined. */
  accept(point: Point, expected: Kind | undefined): number | bigint | string | boolean | undefined {
    const value = point.field(this.field);
    const kind = kindOf(value);
    if (expected === undefined) {
      if (kind !== undefined && this.kinds.includes(kind)) return value as number | bigint | string | boolean;
      this.report('failed to realize reduce context from fields', this.unusable(value));
    } else {
      if (kind === expected) return value as number | bigint | string | boolean;
      this.report('failed to aggregate point', this.misfit(value, expected));
    }
    return undefined;
  }

  /** The common case: every point has the field, as a float. */
  private readFloats(points: readonly Point[]): Column | undefined {
    const count = points.length;
    if (count === 0) return undefined;
    if (count > buffer.length) buffer = new Float64Array(Math.max(count, buffer.length * 2));
    const floats = buffer;
    let layout: Layout | undefined;
    let slot = -1;
    for (let i = 0; i < count; i++) {
      const point = points[i]!;
      if (point.layout !== layout) {
        layout = point.layout;
        slot = layout.slot(this.field);
      }
      const value = slot < 0 ? undefined : point.values[slot];
      if (typeof value !== 'number') return undefined;
      floats[i] = value;
    }
    return { kind: 'float', floats, points, count };
  }

  private readAny(points: readonly Point[]): Column | undefined {
    const values: (number | bigint | string | boolean)[] = [];
    const kept: Point[] = [];
    let kind: Kind | undefined;
    for (const point of points) {
      const value = this.accept(point, kind);
      if (value === undefined) continue;
      kind ??= kindOf(value);
      values.push(value);
      kept.push(point);
    }
    const count = values.length;
    switch (kind) {
      case undefined:
        return undefined;
      case 'float':
        buffer.set(values as number[]);
        return { kind, floats: buffer, points: kept, count };
      case 'int':
        return { kind, ints: values as bigint[], points: kept, count };
      default:
        return { kind, others: values as (string | boolean)[], points: kept, count };
    }
  }

  private unusable(value: FieldValue | undefined): string {
    if (value === undefined) return `field "${this.field}" missing from point`;
    const { method, field } = this;
    const kind = value === null ? 'null' : goTypeOf(value);
    return `invalid influxql func ${method} with field ${field}: cannot apply ${method} to ${kind} field`;
  }

  private misfit(value: FieldValue | undefined, expected: Kind): string {
    if (value === undefined) return `field ${this.field} missing from point cannot aggregate`;
    return `field ${this.field} has wrong type: got ${goTypeOf(value)} exp ${goKinds[expected]}`;
  }
}
