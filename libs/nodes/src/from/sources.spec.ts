import { describe, expect, it } from 'vitest';
import { SECOND } from '@supercap/data-model';
import { Router, type Subscriber } from '@supercap/dataflow';
import { EntryReader, LineProtocolReader } from '@supercap/line-protocol';
import { startScript } from '../testing';
import { shortcutsOf, sourceFilters } from './sources';

const input = Buffer.from(`
cpu,host=a,dc=x v=1 1000000000
cpu,host=b,dc=x v=2 1000000000
cpu,dc=x v=3 2000000000
cpu,host=a,dc=y v=4 3000000000
cpu,host=a,dc=y host="a",v=5 4000000000
mem,host=a v=6 5000000000
cpu,host=c,dc=z v=7 6000000000
`);

/** What comes out of a script, and its figures, when a router feeds it with or without its shortcuts. */
async function routed(script: string, shortcuts: boolean) {
  const started = await startScript(script);
  const { run } = started;
  const { dataflow } = run;
  const subscriber: Subscriber = {
    number: 0,
    dbrps: [{ db: 'db', rp: 'rp' }],
    filters: sourceFilters(dataflow.pipeline),
    feed: (point) => dataflow.feed(point),
    ...(shortcuts && shortcutsOf(dataflow)),
    skip: (count) => dataflow.skip(count),
  };
  const router = new Router();
  router.add(subscriber);
  const read = new LineProtocolReader().read(input, { precision: 'n', now: 0n, db: 'db', rp: 'rp' });
  if ('errors' in read) throw new Error(read.errors.join());
  router.dispatch(new EntryReader().read(read.entry));
  router.settle(subscriber);
  run.clock.advance(10n * SECOND);
  const stats = Object.values(dataflow.nodeStats()).map(({ avg_exec_time_ns: _, ...rest }) => rest);
  return {
    shortcut: subscriber.feedRow !== undefined || subscriber.selected !== undefined,
    seen: { output: started.output, groups: run.data().map(({ group }) => group.id), errors: started.errors, stats },
  };
}

it('tells a router what each source asks for, and everything where one asks for nothing', async () => {
  const script = `stream|from().measurement('m').where(lambda: "v" > 1)\nstream|from()\nstream|stats(1s)`;
  const { run } = await startScript(script);
  const filters = sourceFilters(run.dataflow.pipeline);
  expect(filters).toHaveLength(2);
  expect(filters).toContainEqual({});
  expect(filters).toContainEqual({ measurement: 'm', where: expect.objectContaining({ kind: 'lambda' }) as unknown });
});

describe('points of a task with a source behind another', () => {
  const times = async (script: string) => {
    const { output } = (await routed(script, true)).seen;
    return output.split('\n').filter((line) => line.startsWith('cpu')).length;
  };

  it.each([
    ["stream|from().measurement('cpu')|from()", 12],
    ["stream|from().measurement('cpu').where(lambda: TRUE)|from()", 12],
    ["stream|from().measurement('cpu').where(lambda: \"host\" == 'a')|from()", 4],
    ["stream|from().measurement('cpu')|from().measurement('cpu')", 6],
    ["stream|from()|from().measurement('cpu')", 12],
    ['stream|from()|from()', 6],
    ["stream|from().measurement('cpu')|from().measurement('mem')", 0],
  ])('come twice where one names their measurement and the other none: %s', async (script, expected) => {
    expect(await times(script)).toBe(expected);
  });
});

describe('the shortcuts of sources', () => {
  it.each([
    [true, `stream|from().measurement('cpu')|httpOut('o')`],
    [true, `stream|from().measurement('cpu').groupBy('host', 'dc')|httpOut('o')`],
    [true, `stream|from().groupBy(*)|httpOut('o')`],
    [true, `stream|from().measurement('cpu').where(lambda: "host" == 'a')|httpOut('o')`],
    [
      true,
      `stream|from().measurement('cpu').where(lambda: "host" == 'a').groupBy('dc')|alert().crit(lambda: "v" > 2.0)`,
    ],
    [true, `stream|from().where(lambda: 'a' == "host")|httpOut('o')`],
    [
      true,
      `var f = stream|from().measurement('cpu').where(lambda: "host" == 'a').groupBy('dc')\nf|stats(1s)|httpOut('o')`,
    ],
    [false, `stream|stats(1s)|httpOut('o')\nstream|from().measurement('cpu').where(lambda: "host" == 'a')`],
    [false, `var f = stream|from().where(lambda: "host" == 'a')\nstream|from()|httpOut('o')`],
    [
      false,
      `stream|from().measurement('cpu').where(lambda: "host" == 'a')|httpOut('o')\nstream|from().measurement('mem').where(lambda: "host" == 'b')|httpOut('p')`,
    ],
    [
      false,
      `stream|from().where(lambda: "host" == 'a')|httpOut('o')\nstream|from().measurement('cpu').where(lambda: "dc" == 'z')|httpOut('p')`,
    ],
    [true, `stream|from().measurement('cpu').where(lambda: "host" == 'a')|from()|httpOut('o')`],
    [false, `stream|from().measurement('cpu').where(lambda: "host" == 'a' AND "v" > 1.0)|httpOut('o')`],
    [false, `stream|from().measurement('cpu').where(lambda: "host" == 'a').truncate(2s)|httpOut('o')`],
    [false, `stream|from().measurement('cpu').where(lambda: "host" == 'a').database('other')|httpOut('o')`],
  ])('change nothing (there is one: %s): %s', async (expected, script) => {
    const [with_, without] = [await routed(script, true), await routed(script, false)];
    expect(with_.shortcut).toBe(expected);
    expect(with_.seen).toEqual(without.seen);
  });
});
