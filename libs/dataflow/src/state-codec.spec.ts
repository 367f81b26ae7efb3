import { Batch, DurationValue, Layout, Point, Tags, TimeValue, groupOf, nilGroup } from '@supercap/data-model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateCodecError } from './codec-format';
import { StateDecoder } from './state-decoder';
import { StateEncoder } from './state-encoder';

function roundTrip(value: unknown): unknown {
  const encoder = new StateEncoder();
  encoder.write(value);
  return new StateDecoder(encoder.take()).read();
}

describe('state codec', () => {
  it('brings plain data back as it was', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withMap: true,
          withSet: true,
          withTypedArray: true,
          withNullPrototype: false,
          maxDepth: 4,
          key: fc.oneof(fc.string(), fc.constant('__proto__')),
        }),
        (value) => {
          expect(roundTrip(value)).toEqual(value);
        },
      ),
    );
  });

  it('keeps every float, not-a-number and minus zero included', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        expect(roundTrip(value)).toBe(value);
      }),
    );
  });

  it('keeps lists of numbers, those with others among them, and those with holes', () => {
    const sparse = new Array<number>(3);
    sparse[1] = 0.5;
    for (const list of [[], [1, 2, 3], [0.5, -1, 2 ** 40, NaN], [1.5, 'a', 2], [1.5, undefined], [-0, 1n]])
      expect(roundTrip(list)).toEqual(list);
    expect(roundTrip(sparse)).toEqual([undefined, 0.5, undefined]);
  });

  it('brings points and batches back with their classes', () => {
    const tags = Tags.from({ host: 'a', dc: 'x' });
    const group = groupOf(true, 'cpu', tags.restrictedTo(['host']));
    const layout = Layout.of(['v', 's', 'd', 't']);
    const point = new Point(
      'cpu',
      'db',
      'rp',
      group,
      tags,
      layout,
      [new DurationValue(5n), 'text', new TimeValue(7n), 1n],
      9n,
    );
    const batch = new Batch('cpu', nilGroup, 10n, [point, point.withTime(11n)]);
    const copy = roundTrip({ batch, again: [point] }) as { batch: Batch; again: Point[] };
    expect(copy.batch).toBeInstanceOf(Batch);
    expect(copy.batch.points[1]!.time).toBe(11n);
    expect(copy.again[0]!.field('d')).toEqual(new DurationValue(5n));
    expect(copy.again[0]!.tags.equals(tags)).toBe(true);
    expect(copy.again[0]!.group.id).toBe('cpu\nhost=a');
  });

  it('refuses what is not plain data when it is written', () => {
    expect(() => roundTrip({ f: () => 1 })).toThrow(StateCodecError);
    expect(() => roundTrip(new Date())).toThrow(StateCodecError);
  });

  it('says so when a snapshot is cut short', () => {
    const encoder = new StateEncoder();
    encoder.write(['a', 'b', 1n]);
    const bytes = encoder.take();
    expect(() => new StateDecoder(bytes.subarray(0, bytes.length - 3)).read()).toThrow();
  });
});
