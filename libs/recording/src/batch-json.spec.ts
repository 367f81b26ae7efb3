import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Batch, groupOf, Layout, parseTime, Point, Tags, ZERO_TIME } from '@supercap/data-model';
import { BatchFormatError, batchFromJson, batchToJson } from './index';

const line =
  '{"name":"cpu","tmax":"2017-07-14T02:40:30Z","group":"host=a","tags":{"host":"a"},"points":[{"fields":{"s":"t","v":0},"tags":{"host":"a"},"time":"2017-07-14T02:40:00Z"}]}';

const text = fc.string({ unit: 'grapheme', maxLength: 8 });
const name = text.filter((value) => value !== '');
const time = fc.bigInt({ min: ZERO_TIME, max: 10n ** 19n });
const fields = fc.dictionary(name, fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), text, fc.boolean()));
const tags = fc.dictionary(name, text).map((entries) => Tags.from(entries));

const batches = fc
  .record({ name: text, byName: fc.boolean(), tags, time, points: fc.array(fc.record({ fields, tags, time })) })
  .map(({ name: measurement, byName, tags: groupTags, time: end, points }) => {
    const group = groupOf(byName, measurement, groupTags);
    const made = points.map((point) => {
      const layout = Layout.of(Object.keys(point.fields));
      const values = layout.names.map((field) => point.fields[field]!);
      return new Point(
        measurement,
        '',
        '',
        group,
        point.tags.size === 0 ? groupTags : point.tags,
        layout,
        values,
        point.time,
      );
    });
    return new Batch(measurement, group, end, made);
  });

describe('a recorded batch', () => {
  it('is written member for member as others write it', () => {
    expect(batchToJson(batchFromJson(line))).toBe(line);
  });

  it('comes back as it was', () => {
    fc.assert(
      fc.property(batches, (batch) => {
        const back = batchFromJson(batchToJson(batch));
        expect(batchToJson(back)).toBe(batchToJson(batch));
        expect(back.time).toBe(batch.time);
        expect(back.group.id).toBe(batch.group.id);
        expect(back.points.map(({ time: at, values }) => [at, values])).toEqual(
          batch.points.map(({ time: at, values }) => [at, values]),
        );
      }),
    );
  });

  it('may be of the first servers, without an end and with tags for the group only', () => {
    const batch = batchFromJson(
      '{"name":"m","tags":{"h":"a"},"points":[{"fields":{"v":1},"tags":null,"time":"2016-01-01T00:00:00Z"}],"x":1}',
    );
    expect(batch.time).toBe(ZERO_TIME);
    expect(batch.group.id).toBe('h=a');
    expect(batch.points[0]!.tags.get('h')).toBe('a');
    expect(batch.points[0]!.time).toBe(parseTime('2016-01-01T00:00:00Z'));
  });

  it('gives floats for all numbers', () => {
    expect(batchFromJson('{"points":[{"fields":{"v":3}}]}').points[0]!.field('v')).toBe(3);
  });

  it('names its groups by measurement when it says so', () => {
    expect(batchFromJson('{"name":"cpu","byname":true,"tags":{"h":"a"}}').group.id).toBe('cpu\nh=a');
  });

  it.each([
    ['{"name":', /JSON/],
    ['[]', 'a batch must be an object'],
    ['{"name":5}', 'name must be a string'],
    ['{"tmax":"yesterday"}', 'tmax must be a time'],
    ['{"points":{}}', 'points must be a list'],
    ['{"points":[{"fields":{"v":{}}}]}', 'field v must be a number, a string, true or false'],
  ])('%s is refused with the reason', (json, message) => {
    expect(() => batchFromJson(json)).toThrow(message);
    expect(() => batchFromJson(json)).toThrow(BatchFormatError);
  });
});
