import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { defaultLimits } from '@supercap/dataflow';
import { expect, it } from 'vitest';
import { startScript } from './testing';

const MB = 1024 * 1024;
const limits = { ...defaultLimits, stateBytes: MB };

const lines = (from: number, count: number, hosts = 1) =>
  Array.from({ length: count }, (_, i) => `m,host=h${(from + i) % hosts} v=${from + i}.5,w=2 ${from + i}`).join('\n');

it('stops the task that holds more than it may, with the node that holds most', async () => {
  const { run, write } = await startScript(
    `stream|from()|eval(lambda: sigma("v")).as('s').keep()|window().period(100000h).every(100000h)`,
    { limits },
  );
  write(lines(0, 20_000));
  run.dataflow.checkMemory(1000);
  expect(run.failure.error).toBeUndefined();
  write(lines(20_000, 40_000));
  run.dataflow.checkMemory(1000);
  expect(run.failure.error?.message).toMatch(
    /^window3: state of the task exceeds 1 MB: window3 holds 1\.\d MB in 1 group$/,
  );
  expect(run.dataflow.running).toBe(false);
});

it('knows in the end what very many groups hold, of which few are large', async () => {
  const { run, write } = await startScript(`stream|from()|groupBy('host')|window().period(100000h).every(100000h)`, {
    limits,
  });
  write(lines(0, 1000, 1000));
  for (let i = 0; i < 12; i++) run.dataflow.checkMemory(100);
  expect(run.failure.error).toBeUndefined();
  write(lines(1000, 60_000).replaceAll('host=h0', 'host=h777'));
  for (let i = 0; i < 24; i++) run.dataflow.checkMemory(100);
  expect(run.failure.error?.message).toMatch(/^window3: .* in 1000 groups$/);
});

it('counts what a node holds for all of its groups', async () => {
  const { run, write } = await startScript(
    `var a = stream|from().groupBy('host')
    a|where(lambda: "v" >= 0.0)|join(a|where(lambda: FALSE)).as('a', 'b').on('host')`,
    { limits },
  );
  write(lines(0, 20_000, 10));
  run.dataflow.checkMemory(1000);
  expect(run.failure.error?.message).toMatch(/^join5: state of the task exceeds 1 MB: join5 holds \d/);
});

it('comes near to what the heap says', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const bodies = Array.from({ length: 20 }, (_, i) => lines(i * 10_000, 10_000, 100));
  collect();
  const before = process.memoryUsage().heapUsed;
  const { run, write } = await startScript(`stream|from().groupBy('host')|window().period(100000h).every(100000h)`, {
    probes: false,
    limits: { ...defaultLimits, stateBytes: 4 * MB },
  });
  for (const body of bodies) write(body);
  collect();
  const held = process.memoryUsage().heapUsed - before;
  run.dataflow.checkMemory(1000);
  const [, told] = /holds ([\d.]+) MB in 100 groups/.exec(run.failure.error?.message ?? '') ?? [];
  expect(Number(told) * MB).toBeGreaterThan(held * 0.5);
  expect(Number(told) * MB).toBeLessThan(held * 2);
});
