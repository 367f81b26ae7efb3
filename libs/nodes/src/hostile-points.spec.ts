import { type FieldValue, groupOf, Layout, Point, Tags } from '@supercap/data-model';
import { ManualClock } from '@supercap/dataflow/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chains, ports, startScript } from './testing';

// Whatever stands in a point, it is a matter of that point: the task goes on.

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

const numbers = [NaN, Infinity, -Infinity, 0, -0, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, 1.5];
const integers = [INT64_MIN, INT64_MAX, 0n, -1n, 7n];
const texts = ['', 'x', '\u0000', '{{ .Nope }}', 'a,b=c d', '\ud83d\ude00', '"', '1e999'];

const value: fc.Arbitrary<FieldValue> = fc.constantFrom<FieldValue>(...numbers, ...integers, ...texts, true, false);

/** Mostly a step to and fro or none, now and then somewhere else altogether. */
const time = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 60 }).map((seconds) => BigInt(seconds) * 1_000_000_000n) },
  { weight: 1, arbitrary: fc.constantFrom(-1n, 1n, 1_700_000_000_000_000_000n) },
);

const hostilePoint = fc.record({
  h: fc.constantFrom(undefined, '', 'a', 'b c'),
  g: fc.constantFrom(undefined, 'x', 'y=,'),
  fields: fc.record({ v: value, b: value, w: value }, { requiredKeys: [] }),
  time,
});

interface Hostile {
  readonly h: string | undefined;
  readonly g: string | undefined;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly time: bigint;
}

function pointOf({ h, g, fields, time: at }: Hostile): Point {
  const tags = Tags.from(Object.entries({ g, h }).filter((entry): entry is [string, string] => entry[1] !== undefined));
  const layout = Layout.of(Object.keys(fields));
  const values = layout.names.map((name) => fields[name]!);
  return new Point('m', 'db', 'rp', groupOf(false, 'm', Tags.from({})), tags, layout, values, at);
}

/** Feeds the points to the script and gives the reason for which the task ended, if it did. */
async function failureOf(script: string, points: readonly Hostile[]): Promise<string | undefined> {
  const run = await startScript(script, { ports: ports(), clock: new ManualClock() });
  for (const point of points) run.run.dataflow.feed(pointOf(point));
  await run.run.dataflow.whenIdle();
  await run.run.dataflow.finish();
  return run.run.failure.error?.stack;
}

const overStream = (chain: string) => `stream|from().measurement('m').groupBy('h')${chain}`;
const overBatches = (chain: string) => overStream(`|window().period(10s).every(5s)${chain}`);

describe('no value of a point ends a task', () => {
  // The texts of alerts are made of what is in points: they have tests of their own.
  const { alert: _alerts, ...others } = chains;
  const every = Object.entries(others).flatMap(([name, scripts]) => scripts.map((chain) => [name, chain] as const));

  for (const [name, chain] of every) {
    // What wants batches has its window already; joins and unions want the same on both sides.
    const shapes = /\|(window|join|union|combine)\(/.test(chain) ? [overStream] : [overStream, overBatches];
    for (const shape of shapes) {
      it(`${shape === overStream ? 'stream' : 'batches'}: ${name} ${chain}`, async () => {
        await fc.assert(
          fc.asyncProperty(fc.array(hostilePoint, { minLength: 1, maxLength: 30 }), async (points) => {
            expect(await failureOf(shape(chain), points)).toBeUndefined();
          }),
          { numRuns: 40 },
        );
      });
    }
  }
});
