#!/usr/bin/env node
// After an overload: writers that go as fast as they can, refused ones included, beside tasks that all want every point;
// then the time until the tasks have seen every point that was taken, and whether it was every one of them once.
import http from 'node:http';
import { parseArgs } from 'node:util';

const { values: arg } = parseArgs({
  options: {
    base: { type: 'string', default: 'http://127.0.0.1:9092' },
    // Accepted so that `npm run bench` may start this as it starts load.mjs.
    pid: { type: 'string', multiple: true, default: [] },
    tasks: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '20' },
    writers: { type: 'string', default: '4' },
    batch: { type: 'string', default: '1000' },
    patience: { type: 'string', default: '300' },
  },
});
const BATCH = +arg.batch;
const BUSY_PAUSE_MS = 20;
const LOOK_MS = 200;
const base = new URL(arg.base);
const agent = new http.Agent({ keepAlive: true });

function request(method, path, body) {
  return new Promise((resolve, reject) => {
    const sent = http.request({ hostname: base.hostname, port: base.port, method, path, agent }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => resolve({ status: answer.statusCode, text: Buffer.concat(chunks).toString() }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function accepted(method, path, body) {
  const { status, text } = await request(method, path, body);
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const read = (id) => accepted('GET', `/kapacitor/v1/tasks/${id}`);

/** Points that the source of a task has taken in. */
async function seen(id) {
  const stats = (await read(id)).stats?.['node-stats'] ?? {};
  return stats.from1?.collected ?? 0;
}

const ids = Array.from({ length: +arg.tasks }, (_, i) => `drain_${i}`);
const script = `stream|from().measurement('cpu').groupBy('host')|alert().crit(lambda: "usage_idle" < 0.5).stateChangesOnly()`;
for (const id of ids) {
  const dbrps = [{ db: 'telegraf', rp: 'autogen' }];
  await accepted(
    'POST',
    '/kapacitor/v1/tasks',
    JSON.stringify({ id, type: 'stream', dbrps, script, status: 'enabled' }),
  );
}
for (const id of ids) while (!(await read(id)).executing) await sleep(LOOK_MS);

let written = 0;
let refused = 0;
const began = Date.now();
const until = began + +arg.seconds * 1000;
await Promise.all(
  Array.from({ length: +arg.writers }, async (_, writer) => {
    for (let n = 0; Date.now() < until; n++) {
      const time = 1_500_000_000 + n;
      const lines = Array.from(
        { length: BATCH },
        (_, i) => `cpu,host=w${writer}h${i} usage_idle=${(n + i) % 100} ${time}`,
      );
      const { status, text } = await request(
        'POST',
        '/kapacitor/v1/write?db=telegraf&rp=autogen&precision=s',
        lines.join('\n'),
      );
      if (status === 204) written += BATCH;
      else if (status === 503) {
        refused++;
        await sleep(BUSY_PAUSE_MS);
      } else throw new Error(`write: ${status} ${text}`);
    }
  }),
);

const ended = Date.now();
const counts = async () => Promise.all(ids.map(seen));
let all = await counts();
while (all.some((count) => count < written)) {
  if (Date.now() - ended > +arg.patience * 1000) break;
  await sleep(LOOK_MS);
  all = await counts();
}
const drained = (Date.now() - ended) / 1000;
const seconds = (ended - began) / 1000;
console.log('tasks   points taken   refused writes   taken/s   drained after s   slowest task has seen');
console.log(
  [
    String(ids.length).padStart(5),
    String(written).padStart(14),
    String(refused).padStart(16),
    String(Math.round(written / seconds)).padStart(9),
    drained.toFixed(1).padStart(17),
    String(Math.min(...all)).padStart(23),
  ].join(' '),
);
const wrong = all.filter((count) => count !== written).length;
if (wrong > 0) {
  console.log(`${wrong} tasks have not seen every point that was taken exactly once`);
  process.exitCode = 1;
}
for (const id of ids) await accepted('DELETE', `/kapacitor/v1/tasks/${id}`);
agent.destroy();
