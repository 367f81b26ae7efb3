import { getHeapStatistics } from 'node:v8';
import { alertHandler, systemFiles, systemProcesses, systemTcp } from '@supercap/alert-handlers';
import type { HandlerServices } from '@supercap/alerting';
import { listenAddress, type Settings } from '@supercap/config';
import { systemClock, type DataflowLimits } from '@supercap/dataflow';
import { nodeDefinitions } from '@supercap/nodes';
import { createCatalog, type Catalog } from '@supercap/pipeline';
import { PointLog } from '@supercap/point-log';
import { REDIS_PREFIX, channels, executor } from '@supercap/protocol';
import {
  EventStore,
  FactStore,
  Notifications,
  RunStore,
  SnapshotStore,
  openDatabase,
  type Database,
} from '@supercap/storage';
import { collectGarbage, type RootLogger } from '@supercap/telemetry';
import { GrpcServer, LogLevelBus, openRedis } from '@supercap/transport';
import type { Redis } from 'ioredis';
import { Aggregates } from './alerts/aggregates';
import { AlertService } from './alerts/alert-service';
import { DeliveryDesk } from './alerts/delivery-desk';
import { DeliveryQueue } from './alerts/delivery-queue';
import { DeliveryWorker } from './alerts/delivery-worker';
import { Inhibitors } from './alerts/inhibitors';
import { QueueAdoption } from './alerts/queue-adoption';
import { ExecutorService } from './grpc/executor.service';
import { NodeHttpClient } from './ports/http-client';
import { HttpOuts } from './ports/http-outs';
import { InfluxClient } from './ports/influx-client';
import { Sideloads } from './ports/sideloads';
import { Loopbacks, livePorts, type PortServices } from './ports/node-ports';
import { SharedWatch } from './runs/guard/shared-watch';
import { startGuard } from './runs/guard/start-guard';
import { Housekeeper } from './runs/housekeeper';
import { LogTrimmer } from './runs/log-trimmer';
import { Lease } from './runs/lease';
import { RunKeeper } from './runs/run-keeper';
import { MemoryWarden } from './runs/memory-warden';
import type { TaskRun } from './runs/task-run';
import { warmUp } from './runs/warm-up';

const HTTP_TIMEOUT_MS = 30_000;

/** One executor process, put together. */
export class Executor {
  private readonly db: Database;
  private readonly redis: Redis;
  private readonly queueRedis: Redis;
  private readonly log: PointLog;
  private readonly runs: RunStore;
  private readonly snapshots: SnapshotStore;
  private readonly events: EventStore;
  private readonly notifications: Notifications;
  private readonly http = new NodeHttpClient(HTTP_TIMEOUT_MS);
  private readonly httpOuts = new HttpOuts();
  private readonly sideloads = new Sideloads();
  private readonly loopbacks = new Map<TaskRun, Loopbacks>();
  private readonly levels: LogLevelBus;
  private parts: Parts | undefined;
  private readonly grpc: GrpcServer;

  constructor(
    private readonly settings: Settings,
    private readonly logger: RootLogger,
  ) {
    this.db = openDatabase(settings.stores.databaseUrl, settings.stores.databaseConnections);
    this.redis = openRedis(settings.stores.redisUrl, logger);
    this.queueRedis = openRedis(settings.stores.redisUrl, logger, null);
    this.log = new PointLog({
      redis: settings.stores.redisUrl,
      prefix: `${REDIS_PREFIX}:points`,
      maxBytes: settings.limits.logBytes,
      hooks: { connectionError: (error) => logger.debug({ err: error.message }, 'write log connection') },
    });
    this.runs = new RunStore(this.db);
    this.snapshots = new SnapshotStore(settings.stores.databaseUrl, (error) =>
      logger.warn({ err: error.message }, 'a connection to the database was lost'),
    );
    this.events = new EventStore(this.db);
    this.notifications = new Notifications(settings.stores.databaseUrl, [channels.runs, channels.topics], logger);
    this.levels = new LogLevelBus(this.redis, (level) => void logger.setLevel(level));
    this.grpc = new GrpcServer(() => this.parts?.lease.valid ?? false);
  }

  async start(): Promise<void> {
    const { settings, logger } = this;
    const facts = await new FactStore(this.db).server();
    const address = settings.services.advertisedAddress;
    const catalog = createCatalog(nodeDefinitions);
    const services: HandlerServices = {
      http: this.http,
      files: systemFiles,
      processes: systemProcesses(settings.runs.execMs),
      tcp: systemTcp,
      endpoint: (name) => settings.endpoints.get(name),
    };
    const configuration = { hasEndpoint: (name: string) => settings.endpoints.has(name) };
    const worker = new DeliveryWorker(
      this.queueRedis,
      this.events,
      alertHandler,
      services,
      settings.runs.deliveryAttempts,
      logger,
    );
    const inhibitors = new Inhibitors(this.redis, logger);

    let queue: DeliveryQueue | undefined;
    const watch = new SharedWatch();
    const lease: Lease = new Lease(
      watch,
      () =>
        startGuard(
          {
            buffer: watch.buffer,
            databaseUrl: settings.stores.databaseUrl,
            logLevel: settings.server.logLevel,
            address,
            leaseMs: settings.runs.leaseMs,
            holdMs: settings.runs.holdMs,
          },
          logger,
        ),
      () => {
        keeper.dropAll();
        desk.abandon();
      },
      async (id) => {
        // Under another id it has another queue: what is left in the old one is worked off like that of a dead executor.
        const next = new DeliveryQueue(this.queueRedis, id);
        await next.open();
        worker.serve(next.name);
        queue = next;
      },
      logger,
    );
    const desk: DeliveryDesk = new DeliveryDesk(worker, () => queue!, logger);
    const aggregates: Aggregates = new Aggregates(
      this.redis,
      this.events,
      alertHandler,
      (event) => alerts.publishRendered({ taskId: '', epoch: undefined }, event),
      () => systemClock.now(),
      logger,
    );
    const alerts = new AlertService(
      this.events,
      alertHandler,
      configuration,
      (deliveries) => aggregates.collect(deliveries),
      desk,
      logger,
    );
    const limits: DataflowLimits = {
      groups: settings.limits.groupsPerTask,
      waiting: settings.limits.waitingPerTask,
      heldBack: 1_000_000,
      stateBytes: settings.limits.memoryPerTask ?? getHeapStatistics().heap_size_limit / 4,
      errorsPerSecond: 10,
      groupExpiry: settings.limits.groupExpiry,
    };
    const ports: PortServices = {
      settings,
      facts: { hostname: settings.server.hostname, ...facts },
      http: this.http,
      influx: new InfluxClient(influxClusters(settings), this.http),
      httpOuts: this.httpOuts,
      sideloads: this.sideloads,
      alerts,
      inhibitors,
      log: this.log,
      logger,
    };
    const keeper: RunKeeper = new RunKeeper(
      this.runs,
      this.snapshots,
      lease,
      this.log,
      catalog,
      {
        prepare: async (run) => {
          await this.events.openTopics(anonymousTopics(run));
          await alerts.loadStates(run, namedTopics(run), `main:${run.taskId}:`);
        },
        portsOf: (run, nodeName) => livePorts(ports, run, nodeName, this.loopbacksOf(run)),
        ready: () => alerts.ready(),
        flushed: async (run) => {
          await alerts.flushed(run);
          await this.loopbacks.get(run)?.flushed();
        },
        released: (run) => this.released(run, alerts, inhibitors, worker),
      },
      { snapshotIntervalMs: settings.runs.snapshotIntervalMs, tickMs: settings.runs.tickMs, limits },
      logger,
    );
    const housekeeper = new Housekeeper(
      this.db,
      this.runs,
      this.events,
      new LogTrimmer(this.runs, this.log, settings.limits, logger),
      new QueueAdoption(this.queueRedis, worker, () => queue?.name),
      () => lease.id,
      settings.runs.keepEventsMs,
      logger,
    );
    const service = new ExecutorService({
      keeper,
      runs: this.runs,
      httpOuts: this.httpOuts,
      sideloads: this.sideloads,
      catalog,
      address,
      logger,
      replays: {
        ports,
        catalog,
        limits,
        store: this.events,
        log: this.log,
        logger,
        configuration,
        handlerOf: alertHandler,
        topicHandlers: (topic) => alerts.handlersOf(topic),
        send: (handler, events, signal) =>
          worker.send(handler, events, { attempts: settings.runs.replayDeliveryAttempts, signal }),
      },
    });
    const warden = new MemoryWarden(() => [...keeper.dataflows(), ...service.dataflows()]);
    this.parts = {
      warden,
      lease,
      alerts,
      keeper,
      worker,
      inhibitors,
      aggregates,
      housekeeper,
      service,
      queue: () => queue,
    };

    collectGarbage();
    await this.warmUp(catalog);
    await this.notifications.open();
    this.notifications.on(channels.runs, () => keeper.look());
    this.notifications.on(channels.topics, (change) => void this.topicsChanged(change, alerts));
    this.notifications.onReconnected(() => {
      keeper.look();
      void this.topicsChanged('', alerts);
    });
    await this.levels.open();
    await alerts.loadHandlers();
    await inhibitors.open();
    await this.runs.retryFailed();
    await lease.open();
    await aggregates.start();
    this.grpc.add(executor.ExecutorService, { ...service.implementation() });
    await this.grpc.listen(listenAddress(settings, settings.services.streamExecutor));
    keeper.start();
    warden.start();
    housekeeper.start();
    logger.info({ address, executor: lease.id }, 'executor is ready');
  }

  private async warmUp(catalog: Catalog): Promise<void> {
    const began = performance.now();
    try {
      const points = await warmUp(catalog);
      this.logger.debug({ points, ms: Math.round(performance.now() - began) }, 'the engine is warm');
    } catch (error) {
      this.logger.warn({ err: String(error) }, 'the engine could not be warmed up');
    }
  }

  private loopbacksOf(run: TaskRun): Loopbacks {
    let loopbacks = this.loopbacks.get(run);
    if (loopbacks === undefined) this.loopbacks.set(run, (loopbacks = new Loopbacks()));
    return loopbacks;
  }

  /** `change`: a token to answer with, a blank, and what changed; empty after the connection was lost. */
  private async topicsChanged(change: string, alerts: AlertService): Promise<void> {
    try {
      await alerts.loadHandlers();
      const [token = '', topic = ''] = change.split(/ (.*)/s);
      // A topic was deleted: what it knew is gone.
      if (topic.startsWith('deleted:')) alerts.forget(topic.slice('deleted:'.length));
      if (token !== '') await this.runs.notify(channels.topicsKnown, token);
    } catch (error) {
      this.logger.warn({ err: String(error) }, 'topic handlers could not be loaded');
    }
  }

  private released(run: TaskRun, alerts: AlertService, inhibitors: Inhibitors, worker: DeliveryWorker): void {
    const prefix = `main:${run.taskId}:`;
    if (run.status === 'lost') inhibitors.disown(prefix);
    else inhibitors.lift(prefix);
    if (run.status === 'ended') void this.log.forgetSources(`${run.taskId}/${run.generation}/`).catch(() => undefined);
    const flushed = alerts.flushed().catch(() => undefined);
    void flushed.then(() => {
      if (run.status === 'ended') for (const topic of anonymousTopics(run)) worker.endDefinition(topic);
      // Another generation of the task may run by now, with handlers of its own.
      if (this.parts?.keeper.runs.has(run.taskId)) return;
      for (const node of run.pipeline.nodes) if (node.kind === 'alert') alerts.detach(`${prefix}${node.name}`);
    });
    this.loopbacks.delete(run);
  }

  /** Hands the runs over, ends what is under way, and closes every connection. */
  async stop(): Promise<void> {
    const { parts } = this;
    if (parts !== undefined) {
      parts.warden.close();
      await parts.keeper.stop();
      await parts.alerts.flushed().catch(() => undefined);
      await parts.housekeeper.stop();
      await parts.lease.close().catch(() => undefined);
      parts.aggregates.close();
      parts.alerts.close();
      await parts.worker.stop();
      parts.inhibitors.close();
      parts.service.close();
      await parts.queue()?.close();
    }
    await this.grpc.close();
    this.levels.close();
    await this.notifications.close();
    await this.log.close();
    this.http.close();
    this.redis.disconnect();
    this.queueRedis.disconnect();
    await this.snapshots.close();
    await this.db.$disconnect();
  }
}

interface Parts {
  readonly warden: MemoryWarden;
  readonly lease: Lease;
  readonly alerts: AlertService;
  readonly keeper: RunKeeper;
  readonly worker: DeliveryWorker;
  readonly inhibitors: Inhibitors;
  readonly aggregates: Aggregates;
  readonly housekeeper: Housekeeper;
  readonly service: ExecutorService;
  queue(): DeliveryQueue | undefined;
}

function namedTopics(run: TaskRun): string[] {
  return run.pipeline.nodes.flatMap(({ kind, options }) =>
    kind === 'alert' && typeof options['topic'] === 'string' && options['topic'] !== '' ? [options['topic']] : [],
  );
}

/** Those of alert nodes with handlers of their own. */
function anonymousTopics(run: TaskRun): string[] {
  return run.pipeline.nodes.flatMap(({ kind, name, options }) => {
    const handlers = kind === 'alert' ? options['handlers'] : undefined;
    return Array.isArray(handlers) && handlers.length > 0 ? [`main:${run.taskId}:${name}`] : [];
  });
}

function influxClusters({ influxdb }: Settings) {
  if (!influxdb.enabled) return [];
  const { url, ...cluster } = influxdb;
  return [{ ...cluster, urls: [url], isDefault: true }];
}
