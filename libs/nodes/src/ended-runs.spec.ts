import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Router, type Subscriber } from '@supercap/dataflow';
import { EntryReader, LineProtocolReader } from '@supercap/line-protocol';
import { expect, it } from 'vitest';
import { shortcutsOf, sourceFilters } from './from/sources';
import { startScript } from './testing';

// Series are remembered for longer than any run: what is noted with them must hold nothing of a run that has ended.

const scripts = [
  `stream|from().measurement('cpu').groupBy('host')|window().period(1h).every(1h)|mean('v')|httpOut('o')`,
  `stream|from().measurement('cpu')|groupBy('host')|alert().crit(lambda: sigma("v") > 3.0).topic('t')`,
  `var a = stream|from().measurement('cpu').groupBy('host')
   a|join(a|shift(1s)).as('l', 'r').tolerance(1s)|eval(lambda: count()).as('n')|log()`,
];

const body = Buffer.from(Array.from({ length: 500 }, (_, i) => `cpu,host=h${i % 50} v=${i} ${i}000000000`).join('\n'));

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

/** Runs a script over the same series as those before it, and gives a hold of its states that holds nothing. */
async function runAndEnd(script: string, reader: EntryReader, router: Router): Promise<WeakRef<object>> {
  const { run } = await startScript(script);
  const { dataflow } = run;
  const subscriber: Subscriber = {
    number: 0,
    dbrps: [{ db: 'db', rp: 'rp' }],
    filters: sourceFilters(dataflow.pipeline),
    feed: (point) => dataflow.feed(point),
    ...shortcutsOf(dataflow),
    skip: (count) => dataflow.skip(count),
  };
  router.add(subscriber);
  const read = new LineProtocolReader().read(body, { precision: 'n', now: 0n, db: 'db', rp: 'rp' });
  if ('errors' in read) throw new Error(read.errors.join());
  router.dispatch(reader.read(read.entry));
  expect(dataflow.groupCount).toBeGreaterThan(0);
  router.remove(subscriber);
  dataflow.close();
  return new WeakRef(dataflow);
}

it.each(scripts)('leave nothing behind with the series that they have seen: %s', async (script) => {
  const reader = new EntryReader();
  const router = new Router();
  // Somebody goes on over the same series.
  const { run: other } = await startScript(`stream|from().measurement('cpu')`);
  router.add({
    number: 0,
    dbrps: [{ db: 'db', rp: 'rp' }],
    filters: sourceFilters(other.dataflow.pipeline),
    feed: (point) => other.dataflow.feed(point),
    skip: () => undefined,
  });
  const ended = await runAndEnd(script, reader, router);
  // What a turn of the loop has looked at is kept to its end.
  for (let i = 0; i < 5 && ended.deref() !== undefined; i++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    collectGarbage();
  }
  expect(ended.deref() === undefined, 'the run is gone').toBe(true);
  expect(router.size).toBe(1);
});
