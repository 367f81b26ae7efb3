// Memory of a million points in windows of 100,000 groups in the engine alone, and what saving and restoring that state
// costs: `npm run bench -- e2e/bench/state.bench.ts`.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { EntryReader, LineProtocolReader } from '@supercap/line-protocol';
import { nodeDefinitions } from '@supercap/nodes';
import { compileScript, createCatalog } from '@supercap/pipeline';
import { startPipeline } from '@supercap/dataflow/testing';

const GROUPS = 100_000;
const ROUNDS = 10;
const script = `stream|from().measurement('cpu').groupBy('host')|window().period(1h).every(1h)|mean('usage_user')|httpOut('o')`;
const { pipeline } = compileScript({ script, dialect: 'v1', catalog: createCatalog(nodeDefinitions) });
async function main(): Promise<void> {
  const { dataflow } = await startPipeline(pipeline, nodeDefinitions, { probes: false });
  const reader = new LineProtocolReader();
  const decoder = new EntryReader();
  const mb = () => {
    (globalThis as { gc?: () => void }).gc?.();
    const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
    return `rss ${Math.round(rss / 1e6)} MB, heap ${Math.round(heapUsed / 1e6)} MB, buffers ${Math.round(arrayBuffers / 1e6)} MB`;
  };

  console.log('before', mb());
  for (let round = 0; round < ROUNDS; round++) {
    for (let host = 0; host < GROUPS; host += 5000) {
      const lines = Array.from(
        { length: 5000 },
        (_, i) =>
          `cpu,host=h${host + i} usage_idle=${(i % 100) + 0.5},usage_system=1.5,usage_user=${(i % 50) + 0.25} ${1_500_000_000 + round}000000000`,
      );
      const result = reader.read(Buffer.from(lines.join('\n')), { precision: 'n', now: 0n, db: 'd', rp: 'r' });
      if ('entry' in result) for (const point of decoder.read(result.entry).points()) dataflow.feed(point);
    }
  }
  console.log(`${GROUPS * ROUNDS} points in ${GROUPS} groups:`, mb());

  async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    await new Promise((resolve) => setTimeout(resolve, 20));
    delay.reset();
    const before = performance.now();
    const result = await work();
    const took = performance.now() - before;
    await new Promise((resolve) => setTimeout(resolve, 20));
    delay.disable();
    console.log(`${what}: ${Math.round(took)} ms, the loop held for at most ${(delay.max / 1e6).toFixed(0)} ms`);
    return result;
  }

  const snapshot = await timed('snapshot', () => dataflow.snapshot());
  console.log(`${(snapshot.reduce((sum, part) => sum + part.length, 0) / 1e6).toFixed(1)} MB`, mb());
  await timed('second snapshot', () => dataflow.snapshot());
  const again = await timed(
    'restore',
    async () => (await startPipeline(pipeline, nodeDefinitions, { probes: false, snapshot })).dataflow,
  );
  console.log(again.groupCount, 'groups', mb());
}

void main();
