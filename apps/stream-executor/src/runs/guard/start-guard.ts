import type { Logger } from '@supercap/telemetry';
import { Worker } from 'node:worker_threads';
import type { GuardThread } from '../lease';
import type { GuardNews } from './guard';
import type { GuardThreadData } from './guard.thread';

/** Starts the guard's thread; its bundle lies beside that of the service. */
export function startGuard(data: GuardThreadData, logger: Logger): GuardThread {
  const worker = new Worker(new URL('./guard.thread.mjs', import.meta.url), {
    workerData: data,
    // Settings of the service's heap are not for it.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 64 },
  });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  let stopping = false;
  worker.on('error', (error) => logger.error({ err: error }, 'the guard of the executor has failed'));
  // Without a guard the lease runs out and nothing is read: better to start anew.
  void ended.then(() => {
    if (!stopping) process.exit(1);
  });
  return {
    tell: (order) => worker.postMessage(order),
    onNews: (listener) => void worker.on('message', (news: GuardNews) => listener(news)),
    async stop() {
      stopping = true;
      worker.postMessage({ kind: 'stop' });
      await ended;
    },
  };
}
