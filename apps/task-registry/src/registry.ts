import { alertHandler } from '@supercap/alert-handlers';
import { listenAddress, type Settings } from '@supercap/config';
import { PointLog } from '@supercap/point-log';
import { REDIS_PREFIX, channels, compiler, registry } from '@supercap/protocol';
import {
  AnnouncedTopicRepository,
  FactStore,
  Notifications,
  RecordingRepository,
  ReplayRepository,
  RunStore,
  TaskRepository,
  TemplateRepository,
  openDatabase,
  type Database,
} from '@supercap/storage';
import type { RootLogger } from '@supercap/telemetry';
import { GrpcServer, LogLevelBus, grpcClient, openRedis } from '@supercap/transport';
import type { Redis } from 'ioredis';
import { registryMethods } from './grpc/registry-methods';
import { KeyedQueue } from './keyed-queue';
import { RecorderQueues } from './recordings/jobs';
import { RecordingService } from './recordings/recording-service';
import { ReplayService } from './recordings/replay-service';
import { GrpcCompileClient } from './tasks/compile-client';
import { RunControl } from './tasks/run-control';
import { TaskService } from './tasks/task-service';
import { TaskSwitch } from './tasks/task-switch';
import { TaskView } from './tasks/task-view';
import { BoundTasks } from './templates/bound-tasks';
import { TemplateService } from './templates/template-service';
import { HandlerService } from './topics/handler-service';
import { TopicService } from './topics/topic-service';

/** The registry, put together. */
export class Registry {
  private readonly db: Database;
  private readonly redis: Redis;
  private readonly log: PointLog;
  private readonly levels: LogLevelBus;
  private readonly notifications: Notifications;
  private readonly compiler: compiler.CompilerClient;
  private readonly queues: RecorderQueues;
  private readonly grpc = new GrpcServer();

  constructor(
    private readonly settings: Settings,
    private readonly logger: RootLogger,
  ) {
    const { stores, services, limits } = settings;
    this.db = openDatabase(stores.databaseUrl, stores.databaseConnections);
    this.redis = openRedis(stores.redisUrl, logger);
    this.log = new PointLog({
      redis: stores.redisUrl,
      prefix: `${REDIS_PREFIX}:points`,
      maxBytes: limits.logBytes,
      hooks: { connectionError: (error) => logger.debug({ err: error.message }, 'write log connection') },
    });
    this.levels = new LogLevelBus(this.redis, (level) => void logger.setLevel(level));
    this.notifications = new Notifications(
      stores.databaseUrl,
      [channels.runStatus, channels.jobs, channels.topicsKnown],
      logger,
    );
    this.queues = new RecorderQueues(this.redis, logger);
    this.compiler = grpcClient(compiler.CompilerClient, services.tickscriptCompiler);
  }

  async start(): Promise<void> {
    const { db, settings, logger } = this;
    const tasks = new TaskRepository(db);
    const templates = new TemplateRepository(db);
    const runStore = new RunStore(db);
    const topicStore = new AnnouncedTopicRepository(db, runStore, this.notifications, channels.topicsKnown);
    const compileClient = new GrpcCompileClient(this.compiler);
    const taskQueue = new KeyedQueue();
    const runs = new RunControl(runStore, this.log, this.notifications);
    const power = new TaskSwitch(tasks, runs, compileClient);
    const view = new TaskView(tasks, runs, compileClient);
    const topics = new TopicService(topicStore);
    const recordings = new RecordingRepository(db);
    const bound = new BoundTasks(tasks, power, compileClient, taskQueue);
    const methods = registryMethods(
      {
        tasks: new TaskService(tasks, templates, topics, power, view, compileClient, taskQueue),
        view,
        templates: new TemplateService(templates, bound, compileClient, new KeyedQueue()),
        recordings: new RecordingService(recordings, tasks, compileClient, this.log, this.queues, this.notifications),
        replays: new ReplayService(
          new ReplayRepository(db),
          recordings,
          tasks,
          compileClient,
          this.queues,
          this.notifications,
        ),
        topics,
        handlers: new HandlerService(topicStore, alertHandler, {
          hasEndpoint: (name) => settings.endpoints.has(name),
        }),
        summary: () => this.summary(tasks),
      },
      settings.limits,
      logger,
    );
    await this.notifications.open();
    await this.levels.open();
    this.grpc.add(registry.TaskRegistryService, methods);
    await this.grpc.listen(listenAddress(settings, settings.services.taskRegistry));
    logger.info({ address: settings.services.taskRegistry }, 'registry is ready');
  }

  private async summary(tasks: TaskRepository): Promise<registry.SummaryResponse> {
    const [counts, facts] = await Promise.all([tasks.count(), new FactStore(this.db).server()]);
    return { tasks: counts.tasks, enabledTasks: counts.enabled, ...facts };
  }

  /** Ends what is under way, and closes every connection. */
  async stop(): Promise<void> {
    await this.grpc.close();
    this.compiler.close();
    await this.queues.close();
    this.levels.close();
    await this.notifications.close();
    await this.log.close();
    this.redis.disconnect();
    await this.db.$disconnect();
  }
}
