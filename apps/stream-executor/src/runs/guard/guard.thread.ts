import { ExecutorLeases } from '@supercap/storage/executor-leases';
import { createLogger, type LogLevel } from '@supercap/telemetry';
import { parentPort, workerData } from 'node:worker_threads';
import { Guard, type GuardOptions, type GuardOrder } from './guard';
import { SharedWatch } from './shared-watch';

export interface GuardThreadData extends GuardOptions {
  readonly buffer: SharedArrayBuffer;
  readonly databaseUrl: string;
  readonly logLevel: LogLevel;
}

const { buffer, databaseUrl, logLevel, ...options } = workerData as GuardThreadData;
const logger = createLogger('stream-executor', logLevel);
const leases = new ExecutorLeases(databaseUrl, options.leaseMs);
const guard = new Guard(new SharedWatch(buffer), options, {
  leases,
  tell: (news) => parentPort!.postMessage(news),
  warn: (fields, message) => logger.warn({ ...fields }, message),
  // The loop does not turn: nothing else ends the process.
  end: () => void process.kill(process.pid, 'SIGKILL'),
});
parentPort!.on('message', (order: GuardOrder) => {
  void guard.take(order).then(async () => {
    if (order.kind !== 'stop') return;
    await leases.close();
    parentPort!.close();
  });
});
guard.start();
