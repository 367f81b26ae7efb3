import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { freePort } from './free-port';
import { until } from './client';
import type { Product } from './product';

/** An executor beside the one that the product starts. */
export interface SecondExecutor {
  readonly pid: number;
  /** Sends a signal; nobody starts it again when it ends. */
  kill(signal: NodeJS.Signals): void;
  /** Ends it in good order: its runs are handed over. */
  stop(): Promise<void>;
}

/** Starts another executor with the command and the environment of the product's own, on a port of its own. */
export async function startSecondExecutor(product: Product): Promise<SecondExecutor> {
  const first = product.pid('stream-executor');
  const read = (file: string) => readFileSync(`/proc/${first}/${file}`, 'utf8').split('\0').filter(Boolean);
  const [command = process.execPath, ...args] = read('cmdline');
  const inherited = read('environ').map((line): [string, string] => {
    const at = line.indexOf('=');
    return [line.slice(0, at), line.slice(at + 1)];
  });
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const child = spawn(command, args, {
    env: {
      ...Object.fromEntries(inherited),
      SUPERCAP_STREAM_EXECUTOR_URL: address,
      SUPERCAP_ADVERTISED_ADDRESS: address,
    },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  const alive = () => child.exitCode === null && child.signalCode === null;
  const stop = async () => {
    if (!alive()) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(timer);
  };
  try {
    await until('the second executor', async () => {
      if (!alive()) throw new Error('it ended');
      return answers(port);
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: child.pid!, kill: (signal) => void child.kill(signal), stop };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    const settle = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}
