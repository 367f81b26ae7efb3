import { Layout, SECOND, Tags } from '@supercap/data-model';
import { Dataflow, Router, systemClock } from '@supercap/dataflow';
import { EntryReader, encodeEntry } from '@supercap/line-protocol';
import { compileScript, encodePipeline, type Catalog, type Ports } from '@supercap/pipeline';
import { TaskRun } from './task-run';

// Code that has not run yet is slow, and an executor is often started in order to catch up: what every point passes is
// exercised once before the first real one, so that V8 has compiled it.

const DBRP = { db: 'warm-up', rp: 'autogen' };
const HOSTS = 500;
const ENTRIES = 40;

/** Ways through the engine that most tasks share. Nobody is told of the alerts. */
const SCRIPTS = [
  `stream|from().measurement('m').groupBy('host')|alert().crit(lambda: "a" < 1.0).stateChangesOnly()`,
  `stream|from().measurement('m').where(lambda: "a" < 50.0 AND "host" =~ /7$/)|alert().crit(lambda: "b" > 1000.0)`,
  `stream|from().measurement('m').groupBy('host')|window().period(10s).every(10s)|mean('b')|httpOut('o')`,
  `stream|from().measurement('m').groupBy('host')|eval(lambda: "a" * 2.0 + "b").as('c').keep()|where(lambda: "c" > 10.0)`,
];

const nobody = () => undefined;
const ports = {
  alerts: {
    publish: nobody,
    state: nobody,
    restore: nobody,
    attach: nobody,
    inhibit: nobody,
    isInhibited: () => false,
  },
  serve: () => nobody,
  server: { hostname: '', clusterId: '', serverId: '' },
} as unknown as Ports;

/** Runs made-up points through private dataflows. Nothing of it leaves this function. Resolves to the points that went in. */
export async function warmUp(catalog: Catalog): Promise<number> {
  const router = new Router();
  const reader = new EntryReader();
  const runs = await Promise.all(SCRIPTS.map((script, i) => startRun(`warm-up-${i}`, script, catalog)));
  for (const run of runs) router.add(run);
  let points = 0;
  for (let i = 0; i < ENTRIES; i++) {
    router.dispatch(reader.read(madeUpEntry(i)));
    points += HOSTS;
    // The lease and the health checks have their turn meanwhile.
    await new Promise((resolve) => setImmediate(resolve));
  }
  for (const run of runs) {
    router.remove(run);
    await run.dataflow.snapshot();
    run.dataflow.close();
  }
  return points;
}

async function startRun(taskId: string, script: string, catalog: Catalog): Promise<TaskRun> {
  const { pipeline } = compileScript({ script, dialect: 'v1', catalog });
  const definition = {
    revision: 1,
    type: 'stream' as const,
    script,
    dbrps: [DBRP],
    pipeline: encodePipeline(pipeline),
    dot: '',
    legacyDot: '',
  };
  const claimed = { taskId, generation: 1, epoch: 1n, definition, offset: null, drainTo: null, hasSnapshot: false };
  const run = new TaskRun(claimed, '0-0');
  run.dataflow = new Dataflow(run.pipeline, {
    task: { id: taskId, type: 'stream', dbrps: [DBRP], master: 'warm-up' },
    clock: systemClock,
    log: nobody,
    definition: (kind) => catalog.get(kind),
    portsOf: () => ports,
    failed: nobody,
  });
  await run.dataflow.start();
  run.begin();
  return run;
}

const layout = Layout.of(['a', 'b', 'c']);
const tags = Array.from({ length: HOSTS }, (_, i) => Tags.from({ cpu: 'total', host: `h${i}`, region: `r${i % 4}` }));

function madeUpEntry(second: number): Buffer {
  const time = BigInt(second) * SECOND;
  const points = tags.map((own, i) => ({
    name: 'm',
    tags: own,
    layout,
    values: [((i * 7 + second) % 1000) / 10, ((i * 13 + second) % 500) / 10, i + 0.5],
    time,
  }));
  // As the log gives it: a buffer with memory of its own.
  const entry = encodeEntry(points, DBRP.db, DBRP.rp);
  const bytes = Buffer.allocUnsafeSlow(entry.length);
  bytes.set(entry);
  return bytes;
}
