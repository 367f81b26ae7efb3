import type { ProcessName, Product, Receiver, SecondExecutor } from '../harness';
import type { Random } from './random';

export interface Targets {
  readonly product: Product;
  readonly second: SecondExecutor;
  /** The receiver whose answers fail for a while. */
  readonly receiver: Receiver;
}

const killable: readonly ProcessName[] = [
  'stream-executor',
  'stream-executor',
  'stream-executor',
  'api-gateway',
  'task-registry',
  'tickscript-compiler',
  'recorder',
  'redis',
  'postgres',
];
const pausable: readonly ProcessName[] = ['stream-executor', 'api-gateway', 'task-registry', 'redis', 'postgres'];

/** One fault, chosen at random. Resolves when it is over; gives its name for the report. */
export async function fault(random: Random, { product, second, receiver }: Targets): Promise<string> {
  const kind = random.next();
  if (kind < 0.5) {
    const name = random.pick(killable);
    signal(() => product.kill(name, 'SIGKILL'));
    return `kill ${name}`;
  }
  const ms = Math.round(random.between(500, 8000));
  if (kind < 0.7) {
    const name = random.pick(pausable);
    const pid = pidOf(product, name);
    if (pid === undefined) return `${name} is away`;
    await paused(pid, ms);
    return `pause ${name} ${ms} ms`;
  }
  if (kind < 0.85) {
    await paused(second.pid, ms);
    return `pause the second executor ${ms} ms`;
  }
  receiver.answerWith(random.pick([500, 503, 429]));
  await pause(ms);
  receiver.answerWith(200);
  return `receiver fails ${ms} ms`;
}

async function paused(pid: number, ms: number): Promise<void> {
  signal(() => process.kill(pid, 'SIGSTOP'));
  await pause(ms);
  signal(() => process.kill(pid, 'SIGCONT'));
}

function pidOf(product: Product, name: ProcessName): number | undefined {
  try {
    return product.pid(name);
  } catch {
    return undefined;
  }
}

/** A process may be gone already, after the fault before. */
function signal(send: () => void): void {
  try {
    send();
  } catch {
    // Then this fault does nothing.
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
