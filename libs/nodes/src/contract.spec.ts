import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CODEC_VERSION, type Snapshot } from '@supercap/dataflow';
import { ManualClock } from '@supercap/dataflow/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeDefinitions } from './index';
import { chains, effects, lines, ports, runChain, startScript } from './testing';

// What must hold for every node of the catalog, whatever it does.

const runnable = nodeDefinitions.filter(({ runtime }) => runtime !== undefined);

const input = [
  'm,h=a,g=x v=1,b=true 0',
  'm,h=b,g=x v=6,b=false 1',
  'm,h=a,g=y v=4,b=true 2',
  'm,h=a,g=x v=7,b=false 5',
  'm,h=b,g=y v=2,b=false 5',
  'm,h=a,g=x v=1,b=true 11',
  'm,h=b,g=x v=9,b=true 12',
  'm,h=a,g=y v=6,b=true 3',
  'm,h=b,g=y v=0.5,b=false 23',
  'm,h=a,g=x v=8,b=false 24',
  'm,h=b,g=x v=3,b=true 35',
  'm,h=a,g=x v=2,b=true 47',
];

async function uninterrupted(script: string, points: readonly string[]) {
  const fake = ports();
  const run = await startScript(script, { ports: fake, clock: new ManualClock() });
  for (const point of points) run.write(point);
  await run.run.dataflow.whenIdle();
  const before = effects(run, fake);
  await run.run.dataflow.finish();
  return { before, writes: fake.writes.map(({ body }) => body), output: run.output };
}

async function interrupted(script: string, points: readonly string[], stops: readonly number[]) {
  const fake = ports();
  const clock = new ManualClock();
  const output: string[] = [];
  let run = await startScript(script, { ports: fake, clock });
  for (const [i, point] of points.entries()) {
    if (stops.includes(i)) {
      await run.run.dataflow.whenIdle();
      // A write that is under way is sent again by whoever goes on: let it end.
      await new Promise((resolve) => setImmediate(resolve));
      const snapshot = await run.run.dataflow.snapshot();
      output.push(run.output);
      run = await startScript(script, { ports: fake, clock, snapshot });
    }
    run.write(point);
  }
  await run.run.dataflow.whenIdle();
  const before = effects(run, fake);
  const earlier = output.flatMap((text) => (text === '' ? [] : text.split('\n')));
  await run.run.dataflow.finish();
  const text = [...output, run.output].filter((part) => part !== '').join('\n');
  return {
    before: { ...before, output: [...earlier, ...before.output] },
    writes: fake.writes.map(({ body }) => body),
    output: text,
  };
}

const grouped = (chain: string) => `stream|from().measurement('m').groupBy('h')${chain}`;

describe('every node', () => {
  it('is registered', () => {
    const folder = fileURLToPath(new URL('.', import.meta.url));
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const folders = new Set(files.filter((name) => name.endsWith('.node.ts')).map((name) => name.split('/')[0]));
    const registered = new Set(nodeDefinitions.map(({ name }) => name));
    expect(registered.size).toBe(nodeDefinitions.length);
    expect(folders.size).toBeGreaterThan(30);
    expect([...nodeDefinitions].map(({ name }) => name)).toEqual([...registered].sort());
  });

  it('has a chain here when it can run', () => {
    // The sources of batches cannot be fed by points.
    const missing = runnable.map(({ name }) => name).filter((name) => !(name in chains) && !name.startsWith('query'));
    expect(missing).toEqual([]);
  });

  for (const { name, examples = [] } of nodeDefinitions) {
    for (const [i, example] of examples.entries()) {
      it(`gives the output of its example: ${name} ${i + 1}`, async () => {
        // The example of a source begins with it.
        const run = example.script.startsWith('|from')
          ? await startScript(`stream${example.script}`).then((started) => (started.write(example.input), started))
          : await runChain(example.script, example.input);
        await run.run.dataflow.whenIdle();
        expect(lines(run.output)).toBe(lines(example.output));
      });
    }
  }

  for (const [name, scripts] of Object.entries(chains)) {
    for (const chain of scripts) {
      it(`goes on from a snapshot at any point as if nothing had happened: ${name} ${chain}`, async () => {
        const expected = await uninterrupted(grouped(chain), input);
        for (let stop = 1; stop < input.length; stop++) {
          expect(await interrupted(grouped(chain), input, [stop]), `stopped before point ${stop + 1}`).toEqual(
            expected,
          );
        }
        expect(
          await interrupted(
            grouped(chain),
            input,
            input.map((_, i) => i),
          ),
          'stopped at every point',
        ).toEqual(expected);
      });
    }
  }
});

// Snapshots outlive the version that wrote them: of every version of their format one file is kept, with a snapshot of
// every chain and what it went on to give. `SUPERCAP_KEEP_SNAPSHOTS=1` with these tests writes the file of this version.
describe('snapshots that are kept', () => {
  interface Kept {
    readonly chain: string;
    readonly snapshot: string;
    readonly rest: string;
  }
  const folder = fileURLToPath(new URL('./testing/snapshots/', import.meta.url));
  const stop = 7;

  async function goOn(chain: string, snapshot: Snapshot): Promise<string> {
    const fake = ports();
    const run = await startScript(grouped(chain), { ports: fake, clock: new ManualClock(), snapshot });
    for (const point of input.slice(stop)) run.write(point);
    await run.run.dataflow.whenIdle();
    const whole = { ...effects(run, fake), writes: fake.writes.map(({ body }) => body) };
    return JSON.stringify(whole, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
  }

  async function keep(chain: string): Promise<Kept> {
    const run = await startScript(grouped(chain), { ports: ports(), clock: new ManualClock() });
    for (const point of input.slice(0, stop)) run.write(point);
    await run.run.dataflow.whenIdle();
    await new Promise((resolve) => setImmediate(resolve));
    const snapshot = await run.run.dataflow.snapshot();
    return { chain, snapshot: Buffer.concat(snapshot).toString('base64'), rest: await goOn(chain, snapshot) };
  }

  it.runIf(process.env['SUPERCAP_KEEP_SNAPSHOTS'])('are written for the current version', async () => {
    const kept: Kept[] = [];
    for (const chain of Object.values(chains).flat()) kept.push(await keep(chain));
    const text = `${JSON.stringify(kept, null, 1)}\n`;
    writeFileSync(`${folder}/v${CODEC_VERSION}.json`, text);
  });

  const files = readdirSync(folder);

  it('are there for every version', () => {
    const versions = Array.from({ length: CODEC_VERSION }, (_, i) => `v${i + 1}.json`);
    expect(files.sort()).toEqual(versions.sort());
  });

  for (const file of files) {
    it(`can be read and gone on from: ${file}`, async () => {
      const kept = JSON.parse(readFileSync(folder + file, 'utf8')) as Kept[];
      expect(kept.length).toBeGreaterThan(40);
      for (const { chain, snapshot, rest } of kept) {
        expect(await goOn(chain, [Buffer.from(snapshot, 'base64')]), chain).toBe(rest);
      }
    });
  }
});

describe('random pipelines', () => {
  const onStream = [
    `|eval(lambda: "v" + 1.0, lambda: count()).as('v', 'n').keep()`,
    `|where(lambda: "v" > 2.0)`,
    `|derivative('v').as('v')`,
    `|changeDetect('v')`,
    `|stateCount(lambda: "v" > 3.0)`,
    `|stateDuration(lambda: "v" > 3.0)`,
    `|sample(2)`,
    `|shift(3s)`,
    `|default().tag('z', 'q')`,
    `|alert().crit(lambda: "v" > 4.0).topic('t')`,
    `|mean('v').as('v')`,
    `|cumulativeSum('v').as('v')`,
    `|groupBy('g')`,
    `|groupBy(*)`,
    `|httpOut('x')`,
  ];
  const onBatch = [
    `|mean('v').as('v')`,
    `|last('v').as('v')`,
    `|where(lambda: "v" > 1.0)|count('v').as('v')|eval(lambda: float("v")).as('v')`,
    `|groupBy('g')|sum('v').as('v')`,
    `|trickle()`,
    `|cumulativeSum('v').as('v')|max('v').as('v')`,
  ];
  const windows = [
    '|window().period(10s).every(5s)',
    '|window().period(6s).every(6s).align()',
    '|window().periodCount(4).everyCount(2)',
  ];
  const stage = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...onStream) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom(...windows), fc.constantFrom(...onBatch)).map((parts) => parts.join('')),
    },
  );
  const joined = fc
    .tuple(stage, stage)
    .map(
      ([a, b]) =>
        `${a}|join(stream|from().measurement('m').groupBy('h')${b}).as('l', 'r').tolerance(2s).fill(0.0)|eval(lambda: "l.v" + "r.v").as('v')`,
    );
  const unions = fc.tuple(stage, stage).map(([a, b]) => `${a}|union(stream|from().measurement('m').groupBy('h')${b})`);
  const pipeline = fc.oneof(
    fc.array(stage, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
    joined,
    unions,
  );
  const point = fc.record({
    h: fc.constantFrom('a', 'b', 'c'),
    g: fc.constantFrom('x', 'y'),
    v: fc.integer({ min: 0, max: 9 }),
    step: fc.integer({ min: -2, max: 6 }),
  });

  it('give the same output however often they stop and go on from a snapshot', async () => {
    await fc.assert(
      fc.asyncProperty(
        pipeline,
        fc.array(point, { minLength: 2, maxLength: 40 }),
        fc.array(fc.nat(40), { maxLength: 4 }),
        async (chain, points, stops) => {
          let time = 100;
          const data = points.map(({ h, g, v, step }) => `m,h=${h},g=${g} v=${v} ${(time += step)}`);
          const script = grouped(chain);
          expect(await interrupted(script, data, stops)).toEqual(await uninterrupted(script, data));
        },
      ),
      { numRuns: 150 },
    );
  });
});
