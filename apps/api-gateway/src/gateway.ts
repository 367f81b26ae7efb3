import type { Settings } from '@supercap/config';
import { PointLog } from '@supercap/point-log';
import { REDIS_PREFIX } from '@supercap/protocol';
import type { RootLogger } from '@supercap/telemetry';
import { isServing, LogLevelBus, openRedis } from '@supercap/transport';
import type { Redis } from 'ioredis';
import { setTimeout } from 'node:timers/promises';
import { BodyPace } from './http/body-pace';
import { Dispatcher } from './http/dispatcher';
import { RouteTable } from './http/routes';
import { healthRoutes } from './health';
import { legacyRoutes } from './legacy';
import { GatewayMetrics } from './metrics';
import { connectExecutor, connectRegistry, type ExecutorService, type Registry } from './services';
import { v1Routes } from './v1';
import { diskProblem } from './write/disk-room';
import { writeHandler } from './write/write-handler';

export const VERSION = '0.1.0';
/** Memory for bodies is bounded: room for so many of the largest. */
const LARGEST_BODIES_AT_ONCE = 4;
/** So long a body may take before its rate is looked at. */
const BODY_GRACE_MS = 10_000;
const LEVELS_RETRY_MS = 1000;

/** The gateway, put together: it owns nothing, so any number of them may run. */
export class Gateway {
  readonly dispatcher: Dispatcher;
  private readonly redis: Redis;
  private readonly levels: LogLevelBus;
  private readonly log: PointLog;
  private readonly registry: Registry;
  private readonly executors: ExecutorService;
  private stopped = false;

  constructor(settings: Settings, logger: RootLogger) {
    const { stores, services, limits } = settings;
    this.redis = openRedis(stores.redisUrl, logger);
    this.levels = new LogLevelBus(this.redis, (level) => void logger.setLevel(level));
    this.log = new PointLog({
      redis: stores.redisUrl,
      prefix: `${REDIS_PREFIX}:points`,
      maxBytes: limits.logBytes,
      explain: diskProblem(settings.server.dataDir),
      hooks: { connectionError: (error) => logger.debug({ err: error.message }, 'write log connection') },
    });
    this.registry = connectRegistry(services.taskRegistry);
    this.executors = connectExecutor(services.streamExecutor);
    const metrics = new GatewayMetrics(this.log, () =>
      this.executors.lag({ forwarded: false }).then(
        ({ seconds }) => seconds,
        () => NaN,
      ),
    );
    const pace = new BodyPace({ bytesPerSecond: limits.bodyRate, graceMs: BODY_GRACE_MS });
    const bodyLimits = { bytes: limits.bodyBytes, inflatedBytes: limits.inflatedBodyBytes, pace };
    const write = writeHandler(this.log, {
      limits: bodyLimits,
      defaultRetentionPolicy: settings.server.defaultRetentionPolicy,
      nameBytes: limits.nameBytes,
      figures: metrics,
      now: () => BigInt(Date.now()) * 1_000_000n,
    });
    const shared = {
      registry: this.registry,
      executors: this.executors,
      write,
      version: VERSION,
      scriptBytes: limits.scriptBytes,
      control: { setLogLevel: (level: string) => this.levels.publish(level), routes: () => routes },
    };
    const routes: RouteTable = new RouteTable([
      ...v1Routes(shared),
      ...legacyRoutes(shared),
      ...healthRoutes({ metrics, ready: async () => this.log.ready && (await isServing(services.taskRegistry)) }),
    ]);
    this.dispatcher = new Dispatcher(
      routes,
      {
        limits: { bytes: limits.scriptBytes * 4, inflatedBytes: limits.scriptBytes * 4, pace },
        bodiesBytes: LARGEST_BODIES_AT_ONCE * (limits.bodyBytes + limits.inflatedBodyBytes),
        version: VERSION,
        maxPathBytes: limits.nameBytes * 4,
        answered: (kind, status, seconds) => metrics.answered(kind, status, seconds),
      },
      logger,
    );
  }

  /** Serves at once: while Redis is away writes are refused with a reason, and the log level is followed when it is back. */
  start(): void {
    void this.followLogLevel();
  }

  private async followLogLevel(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.levels.open();
        return;
      } catch {
        await setTimeout(LEVELS_RETRY_MS, undefined, { ref: false });
      }
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.levels.close();
    this.registry.close();
    this.executors.close();
    await this.log.close();
    this.redis.disconnect();
  }
}
