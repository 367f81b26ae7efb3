import { type FieldValue, Layout, nilGroup, Point, SECOND, Tags, type Time } from '@supercap/data-model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { append, dropBefore, dropToSize, newPointBuffer, pointsOf } from './point-buffer';

const layouts = [Layout.of(['v']), Layout.of(['v', 'w']), Layout.empty];
const series = Array.from({ length: 12 }, (_, i) => Tags.from({ host: `h${i}` }));

function point(time: Time, value: FieldValue, layout = layouts[0]!, tags = series[0]!, name = 'm'): Point {
  return new Point(name, 'db', 'rp', nilGroup, tags, layout, Array<FieldValue>(layout.size).fill(value), time);
}

/** What the buffer is to do, done with a list. */
class PlainList {
  points: Point[] = [];

  dropBefore(time: Time, inclusive: boolean): void {
    const keep = this.points.findIndex((p) => (inclusive ? p.time > time : p.time >= time));
    this.points = keep < 0 ? [] : this.points.slice(keep);
  }
}

describe('the point buffer of a window', () => {
  it('gives back points in order of arrival, whatever their time', () => {
    const buffer = newPointBuffer();
    const points = [point(30n, 1), point(10n, 2n), point(20n, 'x')];
    points.forEach((p) => append(buffer, p));
    expect(pointsOf(buffer, nilGroup)).toEqual(points);
  });

  it('keeps a late point behind the first point that is kept', () => {
    const buffer = newPointBuffer();
    for (const time of [1n, 5n, 2n]) append(buffer, point(time, 1));
    dropBefore(buffer, 4n);
    expect(pointsOf(buffer, nilGroup).map((p) => p.time)).toEqual([5n, 2n]);
  });

  it('keeps times exact that lie centuries apart', () => {
    const buffer = newPointBuffer();
    const times = [1_500_000_000n * SECOND + 1n, -9_000_000_000n * SECOND - 7n, 9_000_000_000n * SECOND + 3n];
    for (const time of times) append(buffer, point(time, 1));
    expect(pointsOf(buffer, nilGroup).map((p) => p.time)).toEqual(times);
    dropBefore(buffer, 9_000_000_000n * SECOND + 4n);
    expect(buffer.size).toBe(0);
  });

  it('shares equal tags between points', () => {
    const buffer = newPointBuffer();
    for (let i = 0; i < 20; i++) append(buffer, point(BigInt(i), i, layouts[0]!, Tags.from({ host: 'a' })));
    expect(buffer.mixed).toBeUndefined();
  });

  it('forgets series whose points have all been dropped', () => {
    const buffer = newPointBuffer();
    for (let i = 0; i < 1000; i++) {
      append(buffer, point(BigInt(i), i, layouts[0]!, Tags.from({ host: `h${i}` })));
      dropToSize(buffer, 10);
    }
    expect(buffer.mixed!.series.length).toBeLessThan(100);
    expect(buffer.rows.length).toBeLessThan(200);
  });

  it('behaves like a list of points', () => {
    const values = [1.5, 7n, 'text', true, NaN, null];
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('append' as const), time: fc.integer({ min: 0, max: 40 }), far: fc.integer({ min: 0, max: 20 }), value: fc.nat(5), layout: fc.nat(2), tags: fc.nat(11), name: fc.nat(1) }) }, // prettier-ignore
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('dropBefore' as const), time: fc.integer({ min: 0, max: 40 }), inclusive: fc.boolean() }) }, // prettier-ignore
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('dropToSize' as const), size: fc.nat(60) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { size: 'max', maxLength: 300 }), (steps) => {
        const buffer = newPointBuffer();
        const list = new PlainList();
        for (const s of steps) {
          if (s.kind === 'append') {
            const time = BigInt(s.time) + (s.far === 0 ? 300_000_000n * SECOND : 0n);
            const p = point(time, values[s.value]!, layouts[s.layout]!, series[s.tags]!, s.name === 0 ? 'm' : 'n');
            append(buffer, p);
            list.points.push(p);
          } else if (s.kind === 'dropBefore') {
            dropBefore(buffer, BigInt(s.time), s.inclusive);
            list.dropBefore(BigInt(s.time), s.inclusive);
          } else {
            dropToSize(buffer, s.size);
            list.points = list.points.slice(Math.max(0, list.points.length - s.size));
          }
          expect(buffer.size).toBe(list.points.length);
        }
        expect(pointsOf(buffer, nilGroup)).toEqual(list.points);
      }),
      { numRuns: 300 },
    );
  });
});
