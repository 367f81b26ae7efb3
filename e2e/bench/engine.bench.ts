// What the workloads of load.mjs cost within an executor alone: entries in, dataflows on, no network. For one of them:
//   npm run bench -- e2e/bench/engine.bench.ts threshold
import { Router, type Subscriber } from '@supercap/dataflow';
import { EntryReader, LineProtocolReader } from '@supercap/line-protocol';
import { nodeDefinitions, shortcutsOf, sourceFilters } from '@supercap/nodes';
import { compileScript, createCatalog } from '@supercap/pipeline';
import { startPipeline } from '@supercap/dataflow/testing';

const HOSTS = 1000;
const POINTS = 1_000_000;
const BATCH = 5000;
const alert = `|alert().crit(lambda: "usage_idle" < 0.5).stateChangesOnly()`;
const workloads: Record<string, string[]> = {
  threshold: [`stream|from().measurement('cpu').groupBy('host')${alert}`],
  filter: [
    `stream|from().measurement('cpu').where(lambda: "usage_idle" < 50.0 AND "host" =~ /^h[0-9]*7$/)|httpOut('o')`,
  ],
  window: [
    `stream|from().measurement('cpu').groupBy('host')|window().period(10s).every(10s)|mean('usage_user')|httpOut('o')`,
  ],
  sigma: [
    `stream|from().measurement('cpu').groupBy('host')|eval(lambda: sigma("usage_idle")).as('s').keep('s','usage_idle')|alert().crit(lambda: "s" > 4.0).stateChangesOnly()`,
  ],
  join: [
    `var a = stream|from().measurement('cpu').groupBy('host')|eval(lambda: 100.0 - "usage_idle").as('used')
var b = stream|from().measurement('mem').groupBy('host')
a|join(b).as('cpu','mem').tolerance(1s)|eval(lambda: "cpu.used" * "mem.used_percent" / 100.0).as('score')|alert().crit(lambda: "score" > 99.9).stateChangesOnly()`,
  ],
  fifty: watchers(50),
  one: watchers(1),
  thousand: watchers(1000),
};

function watchers(count: number): string[] {
  return Array.from(
    { length: count },
    (_, i) => `stream|from().measurement('cpu').where(lambda: "host" == 'h${i}')${alert}`,
  );
}

function* bodies(measurements: string[]): Generator<Buffer> {
  let lines: string[] = [];
  let made = 0;
  for (let second = 1_500_000_000; made < POINTS; second++) {
    for (let host = 0; host < HOSTS && made < POINTS; host++) {
      for (const measurement of measurements) {
        const value = () => (Math.random() * 100).toFixed(3);
        lines.push(
          measurement === 'cpu'
            ? `cpu,cpu=cpu-total,host=h${host},region=us-west-${host % 4} usage_idle=${value()},usage_system=${value()},usage_user=${value()} ${second}000000000`
            : `mem,host=h${host},region=us-west-${host % 4} used_percent=${value()},used=${Math.floor(Math.random() * 1e9)}i ${second}000000000`,
        );
        if (lines.length === BATCH) {
          yield Buffer.from(lines.join('\n'));
          lines = [];
        }
        if (++made === POINTS) break;
      }
    }
  }
}

async function main(): Promise<void> {
  const catalog = createCatalog(nodeDefinitions);
  const only = process.argv[2];
  for (const [name, scripts] of Object.entries(workloads)) {
    if (only !== undefined && only !== name) continue;
    const reader = new LineProtocolReader();
    const entries: Uint8Array[] = [];
    for (const body of bodies(name === 'join' ? ['cpu', 'mem'] : ['cpu'])) {
      const result = reader.read(body, { precision: 'n', now: 0n, db: 'telegraf', rp: 'autogen' });
      if ('entry' in result) entries.push(result.entry);
    }
    const router = new Router();
    const decoder = new EntryReader();
    for (const script of scripts) {
      const { pipeline } = compileScript({ script, dialect: 'v1', catalog });
      const { dataflow } = await startPipeline(pipeline, nodeDefinitions, { probes: false });
      const subscriber: Subscriber = {
        number: 0,
        dbrps: [{ db: 'telegraf', rp: 'autogen' }],
        filters: sourceFilters(pipeline),
        feed: (point) => dataflow.feed(point),
        ...shortcutsOf(dataflow),
        skip: (count) => dataflow.skip(count),
      };
      router.add(subscriber);
    }
    const before = process.cpuUsage();
    for (const entry of entries) router.dispatch(decoder.read(entry));
    const { user, system } = process.cpuUsage(before);
    console.log(`${name.padEnd(10)} ${Math.round(((user + system) * 1000) / POINTS)} ns per point`);
  }
}

void main();
