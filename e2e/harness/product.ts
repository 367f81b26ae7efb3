import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Programs that were fetched once serve every product of every test. */
export const programsDir = join(root, '.data/programs');

const startPatience = 120_000;
const stopPatience = 20_000;
const linesKept = 20_000;

export type ProcessName =
  | 'api-gateway'
  | 'task-registry'
  | 'tickscript-compiler'
  | 'stream-executor'
  | 'recorder'
  | 'postgres'
  | 'redis'
  | 'supervisor';

export interface ProductOptions {
  /** Settings beyond the defaults. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The whole product, running on ports and in a data folder of its own. */
export interface Product {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly dataDir: string;
  /** What its processes logged, the newest lines. */
  readonly logs: readonly string[];
  /** Of its own Postgres. */
  databaseUrl(): string;
  /** The process as it is now; it has another one after it was started again. */
  pid(name: ProcessName): number;
  /** Sends a signal; resolves once it was sent. The supervisor starts what ended again. */
  kill(name: ProcessName, signal?: NodeJS.Signals): void;
  /** Stops everything and keeps the data; `restart` goes on from it. Gives the exit code. */
  halt(): Promise<number | null>;
  /** Halts, where it runs, and starts on the same port and data. */
  restart(options?: ProductOptions): Promise<void>;
  /** Stops everything and removes its data. */
  stop(): Promise<void>;
}

export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const dataDir = mkdtempSync(join(tmpdir(), 'supercap-e2e-'));
  const port = await freePort();
  const logs: string[] = [];
  let supervisor: ChildProcess | undefined;

  const pid = (name: ProcessName) => Number.parseInt(readFileSync(join(dataDir, 'run', `${name}.pid`), 'utf8'), 10);

  const start = async ({ env = {} }: ProductOptions) => {
    const child = spawn(process.execPath, [join(root, 'tools/start.mjs')], {
      cwd: root,
      env: {
        ...cleanEnvironment(),
        SUPERCAP_PROGRAMS_DIR: programsDir,
        ...env,
        SUPERCAP_PORT: String(port),
        SUPERCAP_DATA_DIR: dataDir,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    supervisor = child;
    createInterface({ input: child.stderr }).on('line', (line) => {
      logs.push(line);
      if (logs.length > linesKept) logs.shift();
    });
    await readyLine(child, logs);
  };

  const halt = async () => {
    const child = supervisor;
    supervisor = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), stopPatience);
    await exit;
    clearTimeout(timer);
    return child.exitCode;
  };

  await start(options);
  return {
    url: `http://127.0.0.1:${port}`,
    dataDir,
    logs,
    databaseUrl() {
      const secret = readFileSync(join(dataDir, 'secret'), 'utf8').trim();
      const port = readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[3];
      return `postgresql://supercap:${secret}@127.0.0.1:${port}/supercap`;
    },
    pid,
    kill: (name, signal = 'SIGKILL') => void process.kill(pid(name), signal),
    halt,
    async restart(changed = options) {
      await halt();
      await start(changed);
    },
    async stop() {
      await halt();
      endLeftovers(pid);
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Resolves with the line that says that it is ready. */
function readyLine(child: ChildProcess, logs: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => {
      child.kill('SIGTERM');
      reject(new Error(`the product did not start: ${reason}\n${logs.slice(-40).join('\n')}`));
    };
    const timer = setTimeout(() => fail(`no answer after ${startPatience} ms`), startPatience);
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`exit code ${code}`);
    });
    createInterface({ input: child.stdout! }).once('line', (line) => {
      clearTimeout(timer);
      child.removeAllListeners('exit');
      resolve(line);
    });
  });
}

/** A test that killed the supervisor left the databases, which nobody else ends. */
function endLeftovers(pid: (name: ProcessName) => number): void {
  for (const name of ['postgres', 'redis'] as const) {
    try {
      process.kill(pid(name), 'SIGKILL');
    } catch {
      // No pid file, or no such process: it was stopped in order.
    }
  }
}

/** The environment without the settings of whoever runs the tests. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const isSetting = (name: string) =>
    /^(SUPERCAP|KAPACITOR)_/.test(name) || name === 'DATABASE_URL' || name === 'REDIS_URL' || name === 'NODE_ENV';
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isSetting(name)));
}
