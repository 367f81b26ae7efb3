import { Router, type Subscriber } from '@supercap/dataflow';
import { ManualClock } from '@supercap/dataflow/testing';
import { EntryReader, LineProtocolReader } from '@supercap/line-protocol';
import { compileScript, createCatalog } from '@supercap/pipeline';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeDefinitions, shortcutsOf, sourceFilters } from './index';
import { chains, effects, ports, startScript } from './testing';

// How lines come packed into writes makes no difference to what a task gives: one body or many, measurements and sets of
// fields mixed, handed out whole or in slices.

const catalog = createCatalog(nodeDefinitions);
const db = 'db';
const rp = 'rp';

/** Ways to be fed: as rows, by the value of a tag that is the whole condition or a part of it, and with all measurements. */
const sources = [
  `stream|from().measurement('m').groupBy('h')`,
  `stream|from().measurement('m').where(lambda: "h" == 'a').groupBy('h')`,
  `stream|from().measurement('m').where(lambda: "h" == 'a' AND "v" > 1.0).groupBy('h')`,
  `stream|from().groupBy('h')`,
];

interface Packing {
  /** Lines by write. */
  readonly writes: readonly (readonly string[])[];
  /** Rows that are handed out at once. */
  readonly rows: number;
}

async function run(script: string, { writes, rows }: Packing) {
  const fake = ports();
  const started = await startScript(script, { ports: fake, clock: new ManualClock() });
  const { dataflow } = started.run;
  const { pipeline } = compileScript({ script, dialect: 'v1', catalog });
  const task: Subscriber = {
    number: 0,
    dbrps: [{ db, rp }],
    filters: sourceFilters(pipeline),
    feed: (point) => dataflow.feed(point),
    skip: (count) => dataflow.skip(count),
    ...shortcutsOf(dataflow),
  };
  const router = new Router();
  router.add(task);
  const writer = new LineProtocolReader();
  const reader = new EntryReader();
  for (const lines of writes) {
    const body = Buffer.from(lines.join('\n'));
    const read = writer.read(body, { precision: 's', now: 0n, db, rp });
    if ('errors' in read) throw new Error(read.errors.join('\n'));
    // The writer's memory is its own.
    const pass = router.pass(reader.read(Uint8Array.from(read.entry)));
    while (pass?.step(rows));
  }
  router.settle(task);
  await dataflow.whenIdle();
  const before = effects(started, fake);
  const counts = dataflow.edges().map(({ parentName, childName, collected }) => [parentName, childName, collected]);
  const stats = Object.entries(dataflow.nodeStats()).map(([name, { avg_exec_time_ns: _, ...own }]) => [name, own]);
  await dataflow.finish();
  return { before, counts, stats, output: started.output, errors: started.errors };
}

const line = fc
  .record({
    measurement: fc.constantFrom('m', 'm', 'm', 'other'),
    h: fc.constantFrom('a', 'a', 'b', undefined),
    g: fc.constantFrom('x', 'y'),
    v: fc.constantFrom(0.5, 1, 2, 4, 6, 7, 9),
    b: fc.boolean(),
    extra: fc.constantFrom('', ',i=3i', ',s="text"', ',h="hides"'),
    step: fc.constantFrom(0, 1, 1, 3, 8, 12),
  })
  .map(({ measurement, h, g, v, b, extra, step }) => {
    const tags = h === undefined ? `g=${g}` : `g=${g},h=${h}`;
    return { text: `${measurement},${tags} v=${v},b=${b}${extra}`, step };
  });

/** Lines whose times go on, and how they are cut into writes. */
const input = fc.record({
  lines: fc.array(line, { minLength: 1, maxLength: 25 }).map((all) => {
    let time = 0;
    return all.map(({ text, step }) => `${text} ${(time += step)}`);
  }),
  source: fc.constantFrom(...sources),
  cuts: fc.array(fc.boolean(), { minLength: 25, maxLength: 25 }),
  rows: fc.integer({ min: 1, max: 7 }),
});

function cut(lines: readonly string[], cuts: readonly boolean[]): string[][] {
  const writes: string[][] = [[]];
  for (const [i, text] of lines.entries()) {
    if (cuts[i] && writes.at(-1)!.length > 0) writes.push([]);
    writes.at(-1)!.push(text);
  }
  return writes;
}

describe('the packing of lines into writes', () => {
  for (const [name, scripts] of Object.entries(chains)) {
    for (const chain of scripts) {
      it(`makes no difference to ${name} ${chain}`, async () => {
        const property = fc.asyncProperty(input, async ({ lines, source, cuts, rows }) => {
          const script = source + chain;
          const oneByOne = await run(script, { writes: lines.map((text) => [text]), rows: Infinity });
          expect(await run(script, { writes: [lines], rows: Infinity }), 'all in one').toEqual(oneByOne);
          expect(await run(script, { writes: [lines], rows }), 'all in one, in slices').toEqual(oneByOne);
          expect(await run(script, { writes: cut(lines, cuts), rows }), 'cut, in slices').toEqual(oneByOne);
        });
        await fc.assert(property, { numRuns: 6 });
      });
    }
  }
});
