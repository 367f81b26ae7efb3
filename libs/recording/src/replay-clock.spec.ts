import { describe, expect, it } from 'vitest';
import { formatTime, SECOND } from '@supercap/data-model';
import { batchFromJson, SourceClock } from './index';

const batch = (tmax: string, ...times: string[]) =>
  batchFromJson(
    `{"name":"m","tmax":"${tmax}","points":[${times.map((time) => `{"fields":{"v":1},"time":"${time}"}`).join(',')}]}`,
  );

const first = '2016-01-01T00:00:00Z';
const second = '2016-01-01T00:00:10Z';
const zero = batch(first, '2020-01-01T00:00:00Z').points[0]!.time;

describe('the clock of a replay', () => {
  it('lets the first point be now and keeps the distances', () => {
    const clock = new SourceClock({ recordingTime: false, pace: 'fast' }, zero);
    const { points } = batch(first, first, second);
    expect(points.map((point) => formatTime(clock.point(point).time))).toEqual([
      '2020-01-01T00:00:00Z',
      '2020-01-01T00:00:10Z',
    ]);
  });

  it('leaves times as they are when they are wanted so, and keeps the pace', () => {
    const clock = new SourceClock({ recordingTime: true, pace: 'real' }, zero);
    const { points } = batch(first, first, second);
    expect(points.map((point) => clock.point(point))).toEqual(points);
    expect(clock.waitsFor(points[1]!.time)).toBe(zero + 10n * SECOND);
  });

  it('waits for nothing when it is fast', () => {
    expect(new SourceClock({ recordingTime: true, pace: 'fast' }, zero).waitsFor(5n)).toBeUndefined();
  });

  it('raises the end of a batch to its last point, and shifts it not', () => {
    const clock = new SourceClock({ recordingTime: false, pace: 'fast' }, zero);
    expect(formatTime(clock.batch(batch('2016-01-01T00:00:20Z', first, second)).time)).toBe('2020-01-01T00:00:10Z');
    expect(formatTime(clock.batch(batch('2030-01-01T00:00:00Z', second)).time)).toBe('2030-01-01T00:00:00Z');
  });
});
