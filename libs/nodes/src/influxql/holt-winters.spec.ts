import { describe, expect, it } from 'vitest';
import { startScript } from '../testing';
import { holtWinters } from './holt-winters-model';

const rounded = (values: Iterable<number>) => [...values].map((value) => Number(value.toFixed(4)));

/** Values a second apart, or at the given seconds, in one batch; what comes out as [seconds, value]. */
async function forecast(call: string, values: readonly number[], times = values.map((_, i) => i)) {
  const window = `|window().periodCount(${values.length}).everyCount(${values.length})`;
  const run = await startScript(`stream|from().measurement('m')${window}|${call}|trickle()`);
  run.write(values.map((value, i) => `m v=${value} ${times[i]}`).join('\n'));
  const lines = run.output.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const [, value, time] = /holtWinters=(\S+) (\S+)$/.exec(line)!;
    return [Number(time), Number(Number(value).toFixed(4))];
  });
}

const slowing = [1000, 1001, 1002, 1003, 1004, 1006, 1007, 1007, 1008, 1009];

describe('holtWinters', () => {
  it('forecasts from the last point on', async () => {
    expect(await forecast("holtWinters('v', 3, 0, 1s)", slowing)).toEqual([
      [10, 1009.3247],
      [11, 1009.7524],
      [12, 1010.1051],
    ]);
  });

  it('gives the fit too, from the first point on, which is the first observation', async () => {
    const rows = await forecast("holtWintersWithFit('v', 3, 0, 1s)", slowing);
    expect(rows).toHaveLength(13);
    expect(rows[0]).toEqual([0, 1000]);
    expect(rows.slice(10)).toEqual([
      [10, 1009.3247],
      [11, 1009.7524],
      [12, 1010.1051],
    ]);
  });

  it('keeps the times of the first and the last point, however they lie in their intervals', async () => {
    const times = slowing.map((_, i) => 10 * i + 3);
    expect((await forecast("holtWinters('v', 2, 0, 10s)", slowing, times)).map(([time]) => time)).toEqual([103, 113]);
    const fitted = await forecast("holtWintersWithFit('v', 1, 0, 10s)", slowing, times);
    expect(fitted.map(([time]) => time)).toEqual([...times, 103]);
  });

  it('has no rows without a horizon, or when all points fall into one interval', async () => {
    expect(await forecast("holtWinters('v', 0, 0, 1s)", slowing)).toEqual([]);
    expect(await forecast("holtWintersWithFit('v', -1, 0, 1s)", slowing)).toEqual([]);
    expect(await forecast("holtWinters('v', 3, 0, 1h)", slowing)).toEqual([]);
  });

  it('takes the first value of an interval and leaves out what comes too late', async () => {
    const doubled = slowing.flatMap((value) => [value, 5000]);
    const times = slowing.flatMap((_, i) => [10 * i, 10 * i + 1]);
    const [first] = await forecast("holtWinters('v', 1, 0, 10s)", doubled, times);
    expect(first).toEqual([101, 1009.3247]);
  });

  it('fits a damped trend', () => {
    const population = [3.93, 5.31, 7.24, 9.64, 12.9, 17.1, 23.2, 31.4, 39.8, 50.2, 62.9, 76, 92, 105.7, 122.8, 131.7];
    const { fitted } = holtWinters(Float64Array.from([...population, 151.3, 179.3, 203.2]), 0, 0)!;
    expect(rounded(fitted.slice(0, 4))).toEqual([3.93, 4.9574, 7.0122, 10.0996]);
  });

  it('fits a season', () => {
    // Visitor nights in Australia, in millions a quarter.
    const nights = [
      30.052513, 19.148496, 25.317692, 27.591437, 32.076456, 23.487961, 28.47594, 35.123753, 36.838485, 25.007017,
      30.72223, 28.693759, 36.640986, 23.824609, 29.311683, 31.770309, 35.177877, 19.775244, 29.60175, 34.538842,
      41.273599, 26.655862, 28.279859, 35.191153, 41.727458, 24.04185, 32.328103, 37.328708, 46.213153, 29.346326,
      36.48291, 42.977719, 48.901525, 31.180221, 37.717881, 40.420211, 51.206863, 31.887228, 40.978263, 43.772491,
      55.558567, 33.850915, 42.076383, 45.642292, 59.76678, 35.191877, 44.319737, 47.913736,
    ];
    const { future } = holtWinters(Float64Array.from(nights), 4, 5)!;
    expect(rounded(future)).toEqual([51.8506, 43.2606, 41.8273, 54.399, 54.6233]);
  });

  it('goes over gaps', () => {
    const gaps = Float64Array.from([10, 12, Number.NaN, 16, Number.NaN, 20]);
    expect(holtWinters(gaps, 0, 2)!.future.every(Number.isFinite)).toBe(true);
    const seasons = Float64Array.from([10, 12, 15, 11, Number.NaN, 13, 16, 12, 12, 14]);
    expect(holtWinters(seasons, 4, 4)!.future.every(Number.isFinite)).toBe(true);
  });

  it('ends soon whatever it is given, or says that it will not', async () => {
    const long = Float64Array.from({ length: 5000 }, (_, i) => Math.sin(i) * i);
    expect(holtWinters(long, 1000, 1)?.future).toHaveLength(1);
    expect(holtWinters(new Float64Array(100_000).fill(1), 1000, 1)).toBeUndefined();
    const many =
      "stream|from().measurement('m')|window().periodCount(2).everyCount(2)|holtWinters('v', 1000000, 0, 1s)";
    await expect(startScript(many)).rejects.toThrow(
      'invalid holtWinters forecast: must be at most 100000, got 1000000',
    );
  });
});
