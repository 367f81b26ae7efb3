#!/usr/bin/env node
// From write to webhook: single points that each change the level of an alert, and the time until its post arrives; alone,
// and beside a stream of other points. Prints milliseconds at the median, at p99 and at most.
import { once } from 'node:events';
import http from 'node:http';
import { parseArgs } from 'node:util';

const { values: arg } = parseArgs({
  options: {
    base: { type: 'string', default: 'http://127.0.0.1:9092' },
    // Accepted so that `npm run bench` may start this as it starts load.mjs.
    pid: { type: 'string', multiple: true, default: [] },
    points: { type: 'string', default: '500' },
    beside: { type: 'string', default: '20000' },
  },
});
const PAUSE_MS = 20;
const BATCHES_PER_SECOND = 20;
const base = new URL(arg.base);
const agent = new http.Agent({ keepAlive: true });

function request(method, path, body) {
  return new Promise((resolve, reject) => {
    const sent = http.request({ hostname: base.hostname, port: base.port, method, path, agent }, (answer) => {
      answer.resume();
      answer.on('end', () =>
        answer.statusCode < 300 ? resolve() : reject(new Error(`${method} ${path}: ${answer.statusCode}`)),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const write = (lines) => request('POST', '/kapacitor/v1/write?db=bench&rp=autogen&precision=s', lines);

const arrivals = new Map();
const sink = http.createServer((received, answer) => {
  const chunks = [];
  received.on('data', (chunk) => chunks.push(chunk));
  received.on('end', () => {
    answer.end();
    const { message } = JSON.parse(Buffer.concat(chunks).toString());
    arrivals.set(message, performance.now());
  });
});
sink.listen(0, '127.0.0.1');
await once(sink, 'listening');

async function define(id, script) {
  await request('DELETE', `/kapacitor/v1/tasks/${id}`).catch(() => undefined);
  const task = { id, type: 'stream', dbrps: [{ db: 'bench', rp: 'autogen' }], script, status: 'enabled' };
  await request('POST', '/kapacitor/v1/tasks', JSON.stringify(task));
}

let second = 1_500_000_000;
async function measure(name) {
  arrivals.clear();
  const sent = new Map();
  for (let i = 0; i < Number(arg.points); i++) {
    const time = second++;
    sent.set(String(time), performance.now());
    await write(`probe v=${i % 2 === 0 ? 9 : 1},t="${time}" ${time}`);
    await sleep(PAUSE_MS);
  }
  for (let i = 0; i < 500 && arrivals.size < sent.size; i++) await sleep(PAUSE_MS);
  if (arrivals.size < sent.size) throw new Error(`${sent.size - arrivals.size} alerts did not arrive`);
  const times = [...sent].map(([message, at]) => arrivals.get(message) - at).sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1).padStart(8);
  console.log(`${name.padEnd(24)} ${at(0.5)} ${at(0.99)} ${at(1)}`);
}

let isLoading = false;
async function load(perSecond) {
  const size = Math.ceil(perSecond / BATCHES_PER_SECOND);
  for (let next = performance.now(); isLoading; next += 1000 / BATCHES_PER_SECOND) {
    const lines = Array.from({ length: size }, (_, i) => `cpu,host=h${i % 1000} usage_idle=${(i * 7) % 100} ${second}`);
    await write(lines.join('\n'));
    await sleep(Math.max(0, next + 1000 / BATCHES_PER_SECOND - performance.now()));
  }
}

const { port } = sink.address();
const alert = `alert().crit(lambda: "v" > 5.0).message('{{ index .Fields "t" }}').post('http://127.0.0.1:${port}/')`;
await define('latency', `stream|from().measurement('probe')|${alert}`);
await define(
  'beside',
  `stream|from().measurement('cpu').groupBy('host')|alert().crit(lambda: "usage_idle" < 0.0).stateChangesOnly()`,
);
console.log('milliseconds                  p50      p99      max');
await measure('warming up');
await measure('idle');
isLoading = true;
const loading = load(Number(arg.beside));
await measure(`beside ${arg.beside} points/s`);
isLoading = false;
await loading;
for (const id of ['latency', 'beside']) await request('DELETE', `/kapacitor/v1/tasks/${id}`);
sink.close();
agent.destroy();
