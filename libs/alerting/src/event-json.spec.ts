import { Batch, DurationValue, type FieldValue, Layout, nilGroup, Point, Tags, TimeValue } from '@supercap/data-model';
import type { AlertEvent } from '@supercap/pipeline';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventJson } from './event-json';
import { decodeValue, encodeValue } from './field-codec';
import { renderEvent } from './render-event';

const point = (fields: Record<string, FieldValue>, tags: Record<string, string> = {}) => {
  const names = Object.keys(fields).sort();
  const values = names.map((name) => fields[name]!);
  return new Point('m', 'db', 'rp', nilGroup, Tags.from(tags), Layout.of(names), values, 1_500_000_000_000_000_000n);
};

const event = (data: Point | Batch, more: Partial<AlertEvent> = {}): AlertEvent => ({
  id: 'i',
  message: 'msg',
  details: 'det',
  time: 1_500_000_000_500_000_000n,
  duration: 1_500_000_000n,
  level: 'CRITICAL',
  recoverable: true,
  name: 'm',
  taskName: 'task',
  group: 'nil',
  tags: {},
  fields: {},
  data,
  ...more,
});

const json = (given: AlertEvent) => eventJson({ ...renderEvent(given, 'e', ['t'])[0]!, previousLevel: 'OK' });

describe('the alert data', () => {
  it('are one line of JSON in the order that receivers know', () => {
    expect(json(event(point({ v: 90, n: 5n, s: 't', b: true }, { host: 'a' })))).toBe(
      '{"id":"i","message":"msg","details":"det","time":"2017-07-14T02:40:00.5Z","duration":1500000000,"level":"CRITICAL",' +
        '"data":{"series":[{"name":"m","tags":{"host":"a"},"columns":["time","b","n","s","v"],' +
        '"values":[["2017-07-14T02:40:00Z",true,5,"t",90]]}]},"previousLevel":"OK","recoverable":true}\n',
    );
  });

  it('hold every point of a batch', () => {
    const batch = new Batch('m', nilGroup, 0n, [point({ v: 1 }), point({ v: 2 })]);
    expect(JSON.parse(json(event(batch))).data.series[0].values).toHaveLength(2);
  });

  it('are safe within HTML', () => {
    expect(json(event(point({ s: '<&>' }), { message: '<b>' }))).toContain('"message":"\\u003cb\\u003e"');
  });

  it('cannot hold a value that is no number: delivery fails for good', () => {
    expect(() => json(event(point({ v: Number.NaN })))).toThrow('json: unsupported value: NaN');
  });
});

describe('field values as plain JSON', () => {
  it('come back as they were', () => {
    const value = fc.oneof(
      fc.double(),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.bigInt().map((ns) => new DurationValue(ns)),
      fc.bigInt().map((ns) => new TimeValue(ns)),
    );
    fc.assert(
      fc.property(value, (given) => {
        expect(decodeValue(JSON.parse(JSON.stringify(encodeValue(given))))).toEqual(given);
      }),
    );
  });
});
