import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request, startProduct, until, type ProcessName, type Product } from './index';
import { root } from './product';

const services: readonly ProcessName[] = [
  'api-gateway',
  'task-registry',
  'tickscript-compiler',
  'stream-executor',
  'recorder',
];
const processes: readonly ProcessName[] = [...services, 'postgres', 'redis'];

function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

const ping = async (product: Product) =>
  (await request(product, 'GET', '/kapacitor/v1/ping', { timeoutMs: 2000 })).status === 204;

/** Runs `npm start` with an environment that it must refuse. */
async function refusal(env: Readonly<Record<string, string>>): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [join(root, 'tools/start.mjs')], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}

describe('the product as one command', () => {
  let product: Product;

  beforeAll(async () => {
    product = await startProduct();
  });

  afterAll(() => product?.stop());

  it('starts again, on the same addresses, whatever of it is killed', async () => {
    for (const name of processes) {
      const before = product.pid(name);
      product.kill(name);
      await until(
        `${name} to be started again`,
        async () => product.pid(name) !== before && isAlive(product.pid(name)),
        5000,
      );
      await until(`an answer after ${name} was killed`, () => ping(product), 15_000);
    }
  });

  it('refuses to run twice on one data folder', async () => {
    const { code, said } = await refusal({ SUPERCAP_DATA_DIR: product.dataDir, SUPERCAP_PORT: '1' });
    expect(code).toBe(1);
    expect(said).toMatch(/^supercap: supercap runs on this data folder already \(process \d+\): .+\n$/);
  });

  it('runs beside another that has its own port and data folder', async () => {
    const other = await startProduct();
    expect(await ping(other)).toBe(true);
    await other.stop();
    expect(await ping(product)).toBe(true);
  });

  it('leaves no process within ten seconds of SIGTERM, and is ready again within ten', async () => {
    const pids = processes.map((name) => product.pid(name));
    const stopping = Date.now();
    expect(await product.halt()).toBe(0);
    expect(Date.now() - stopping).toBeLessThan(10_000);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(readdirSync(join(product.dataDir, 'run')).filter((file) => file.endsWith('.pid'))).toEqual([]);

    const starting = Date.now();
    await product.restart();
    expect(Date.now() - starting).toBeLessThan(10_000);
    expect(await ping(product)).toBe(true);
  });

  it('ends its services when it is killed itself, and starts on what it left', async () => {
    const pids = services.map((name) => product.pid(name));
    product.kill('supervisor');
    await until('the services to end', async () => !pids.some(isAlive), 10_000);
    await product.restart();
    expect(await ping(product)).toBe(true);
  });
});

describe('the start', () => {
  it('says in one sentence that the port is taken', async () => {
    const server = createServer().listen(0);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { code, said } = await refusal({
      SUPERCAP_DATA_DIR: join(root, '.data/e2e-port'),
      SUPERCAP_PORT: String(port),
    });
    server.close();
    expect(code).toBe(1);
    expect(said).toBe(`supercap: port ${port} is taken: stop what listens there, or set SUPERCAP_PORT to another\n`);
    expect(existsSync(join(root, '.data/e2e-port/postgres'))).toBe(false);
  });

  it('says in one sentence that the database cannot be reached', async () => {
    const { code, said } = await refusal({
      SUPERCAP_DATA_DIR: join(root, '.data/e2e-database'),
      SUPERCAP_PORT: '29092',
      DATABASE_URL: 'postgresql://me:hunter2@127.0.0.1:1/supercap',
      REDIS_URL: 'redis://127.0.0.1:1',
    });
    expect(code).toBe(1);
    expect(said).toBe(
      'supercap: Postgres cannot be reached at 127.0.0.1:1 (DATABASE_URL): connect ECONNREFUSED 127.0.0.1:1\n',
    );
  });
});
