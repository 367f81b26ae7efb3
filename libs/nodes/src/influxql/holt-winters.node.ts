import type { Time } from '@supercap/data-model';
import { arg, defineNode, type NodeDefinition, StartError } from '@supercap/pipeline';
import { type Column, numeric } from './column';
import { type FunctionOptions, functionProperties, goType } from './function-properties';
import { holtWinters as forecast } from './holt-winters-model';
import { multiRuntime, multiState, type Row } from './multi';

interface HoltWintersOptions extends FunctionOptions {
  readonly h: bigint;
  readonly m: bigint;
  readonly interval: bigint;
}

/** Intervals between the first and the last point, and values to forecast: more would hold up everything else. */
const longest = 100_000;

/** The nearest multiple of the interval; what lies in the middle goes down. */
function bucketOf(time: Time, interval: bigint): bigint {
  return (time % interval) * 2n > interval ? time / interval + 1n : time / interval;
}

/** The series at equal distances: the first value of each interval, NaN where there is none. */
function toSeries(column: Column, buckets: readonly bigint[], length: number): Float64Array {
  const first = buckets[0]!;
  const series = new Float64Array(length).fill(Number.NaN);
  let last = -1;
  buckets.forEach((bucket, i) => {
    const at = Number(bucket - first);
    // What goes back in time, or stays, has come too late.
    if (at <= last) return;
    last = at;
    if (column.kind === 'float') series[at] = column.floats[i]!;
    else if (column.kind === 'int') series[at] = Number(column.ints[i]!);
  });
  return series;
}

function forecastRows(
  column: Column,
  { h, m, interval }: HoltWintersOptions,
  withFit: boolean,
  report: (cause: string) => void,
): readonly Row[] {
  // Points, and not intervals: how far they lie apart does not matter.
  if (column.count < 2 || (m >= 2n && column.count < m) || h <= 0n) return [];
  const buckets = column.points.map(({ time }) => bucketOf(time, interval));
  if (buckets[buckets.length - 1]! <= buckets[0]!) return [];
  const length = buckets.reduce((most, bucket) => (bucket > most ? bucket : most)) - buckets[0]! + 1n;
  if (length > longest) {
    report(`holtWinters is limited to ${longest} intervals, got ${length}`);
    return [];
  }
  const result = forecast(toSeries(column, buckets, Number(length)), Number(m), Number(h));
  if (result === undefined) {
    report(`holtWinters cannot fit ${length} intervals with seasons of ${m}`);
    return [];
  }
  const rows: Row[] = [];
  const add = (value: number, time: Time) => {
    if (!Number.isNaN(value)) rows.push({ value, time });
  };
  const start = column.points[0]!.time;
  const stop = column.points[column.count - 1]!.time;
  if (!withFit) {
    result.future.forEach((value, i) => add(value, stop + BigInt(i + 1) * interval));
    return rows;
  }
  result.fitted.forEach((value, i) => add(value, start + BigInt(i) * interval));
  result.future.forEach((value, i) => add(value, start + BigInt(result.fitted.length + i) * interval));
  return rows;
}

function check({ h, m, interval }: HoltWintersOptions): void {
  if (interval <= 0n) throw new StartError('invalid holtWinters interval: must be positive duration');
  if (h > longest) throw new StartError(`invalid holtWinters forecast: must be at most ${longest}, got ${h}`);
  if (m < 0n || m > 1000n) throw new StartError(`invalid holtWinters season: must be between 0 and 1000, got ${m}`);
}

function define(name: string, summary: string, withFit: boolean, output: string): NodeDefinition {
  return defineNode({
    name,
    // Clients know both by this name.
    prefix: 'holtWinters',
    goType,
    summary,
    edge: { wants: 'any', provides: 'batch' },
    args: {
      field: arg('string', 'The field.'),
      h: arg('int', 'How many values to forecast.'),
      m: arg('int', 'Values in a season; 0 or 1 for none.'),
      interval: arg('duration', 'The time between two values.'),
    },
    properties: functionProperties('holtWinters'),
    examples: [
      {
        script: `|window().periodCount(4).everyCount(4)|${name}('v', 2, 0, 1s)|eval(lambda: floor("holtWinters" + 0.5)).as('f')|trickle()`,
        input: 'm v=1 0\nm v=2 1\nm v=3 2\nm v=4 3',
        output,
      },
    ],
    state: multiState,
    runtime: multiRuntime({
      name: 'holtWinters',
      kinds: numeric,
      ownTimes: true,
      rows(options: HoltWintersOptions, report) {
        check(options);
        return (column) => forecastRows(column, options, withFit, report);
      },
    }),
  });
}

const forecastOutput = 'm f=5 4\nm f=7 5';

export const holtWinters = define('holtWinters', 'Forecast the next values of a field.', false, forecastOutput);
export const holtWintersWithFit = define(
  'holtWintersWithFit',
  'Forecast the next values of a field, and give those that the model has for the known ones too.',
  true,
  `m f=1 0\nm f=2 1\nm f=3 2\nm f=4 3\n${forecastOutput}`,
);
