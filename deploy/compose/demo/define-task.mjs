// Defines the example task and switches it on; does nothing where it exists already.
import { readFile } from 'node:fs/promises';

const tasks = `${process.env.SUPERCAP_API_GATEWAY_URL}/kapacitor/v1/tasks`;
const script = await readFile(new URL('cpu.tick', import.meta.url), 'utf8');

const existing = await fetch(`${tasks}/demo_cpu`);
await existing.arrayBuffer();
if (existing.ok) {
  console.log('demo_cpu exists already');
} else {
  const answer = await fetch(tasks, {
    method: 'POST',
    body: JSON.stringify({
      id: 'demo_cpu',
      type: 'stream',
      dbrps: [{ db: 'telegraf', rp: 'autogen' }],
      script,
      status: 'enabled',
    }),
  });
  if (!answer.ok) throw new Error(`demo_cpu was refused: ${await answer.text()}`);
  console.log('demo_cpu is defined and enabled');
}
