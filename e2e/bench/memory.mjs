// What the executor takes for a million points in windows of 100,000 groups, after they were written and after its state
// was saved. `npm run bench -- memory` runs it against a product with an empty data folder.
import fs from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const GROUPS = 100_000;
const ROUNDS = 10;
const PER_WRITE = 5000;
/** Longer than it takes until the state is saved (every ten seconds). */
const SAVED_AFTER_MS = 25_000;
const SCRIPT = `stream|from().measurement('cpu').groupBy('host')|window().period(1h).every(1h)|mean('usage_user')|httpOut('o')`;

const { values: arg } = parseArgs({
  strict: false,
  options: { base: { type: 'string' }, data: { type: 'string' } },
});
const agent = new http.Agent({ keepAlive: true });
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function post(path, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(new URL(path, arg.base), { method: 'POST', agent }, (response) => {
      response.resume().on('end', () => {
        if (response.statusCode < 300) resolve();
        else reject(new Error(`${path}: ${response.statusCode}`));
      });
    });
    request.on('error', reject).end(body);
  });
}

function print(when) {
  const pid = fs.readFileSync(join(arg.data, 'run/stream-executor.pid'), 'utf8').trim();
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name) => Math.round((Number(status.match(`${name}:\\s+(\\d+)`)[1]) * 1024) / 1e6);
  console.log(`${when.padEnd(10)} ${megabytes('VmRSS')} MB, at most ${megabytes('VmHWM')} MB so far`);
}

print('started');
const task = { id: 'memory', type: 'stream', dbrps: [{ db: 'd', rp: 'r' }], status: 'enabled', script: SCRIPT };
await post('/kapacitor/v1/tasks', JSON.stringify(task));
for (let round = 0; round < ROUNDS; round++) {
  for (let host = 0; host < GROUPS; host += PER_WRITE) {
    const lines = Array.from({ length: PER_WRITE }, (_, i) => {
      const fields = `usage_idle=${(i % 100) + 0.5},usage_system=1.5,usage_user=${(i % 50) + 0.25}`;
      return `cpu,host=h${host + i} ${fields} ${1_500_000_000 + round}000000000`;
    });
    await post('/kapacitor/v1/write?db=d&rp=r', lines.join('\n'));
  }
}
await sleep(2000);
print('written');
await sleep(SAVED_AFTER_MS);
print('saved');
agent.destroy();
