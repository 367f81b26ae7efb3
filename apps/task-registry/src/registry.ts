import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { alertHandler } from '@supercap/alert-handlers';
import type { Settings } from '@supercap/config';
import { PointLog } from '@supercap/point-log';
import { channels, compiler, REDIS_PREFIX, registry } from '@supercap/protocol';
import {
  FactStore,
  Notifications,
  openDatabase,
  RunStore,
  TaskRepository,
  TemplateRepository,
  TopicRepository,
  type Database,
} from '@supercap/storage';
import type { RootLogger } from '@supercap/telemetry';
import { grpcClient, GrpcServer, LogLevelBus, openRedis, unary } from '@supercap/transport';
import type { Redis } from 'ioredis';
import { KeyedQueue } from './keyed-queue';
import { GrpcCompileClient } from './tasks/compile-client';
import { RunControl } from './tasks/run-control';
import { TaskService } from './tasks/task-service';
import { TaskSwitch } from './tasks/task-switch';
import { TaskView } from './tasks/task-view';
import { TemplateService } from './templates/template-service';
import { HandlerService } from './topics/handler-service';
import { TopicService } from './topics/topic-service';

const nothing: registry.Empty = {};

/** One registry process, put together. */
export class Registry {
  private readonly db: Database;
  private readonly redis: Redis;
  private readonly log: PointLog;
  private readonly notifications: Notifications;
  private readonly levels: LogLevelBus;
  private readonly compilerClient: compiler.CompilerClient;
  private readonly grpc = new GrpcServer();

  constructor(
    private readonly settings: Settings,
    private readonly logger: RootLogger,
  ) {
    const { stores, services, limits } = settings;
    this.db = openDatabase(stores.databaseUrl, stores.databaseConnections);
    this.redis = openRedis(stores.redisUrl, logger);
    this.log = new PointLog({ redis: stores.redisUrl, prefix: `${REDIS_PREFIX}:points`, maxBytes: limits.logBytes });
    this.notifications = new Notifications(stores.databaseUrl, [channels.runStatus, channels.jobs], logger);
    this.levels = new LogLevelBus(this.redis, (level) => void logger.setLevel(level));
    this.compilerClient = grpcClient(compiler.CompilerClient, services.tickscriptCompiler);
  }

  async start(): Promise<void> {
    await this.notifications.open();
    await this.levels.open();
    this.grpc.add(registry.TaskRegistryService, this.implementation());
    const address = this.settings.services.taskRegistry;
    await this.grpc.listen(address);
    this.logger.info({ address }, 'registry is ready');
  }

  private implementation(): UntypedServiceImplementation {
    const { db, logger, settings } = this;
    const taskRepository = new TaskRepository(db);
    const templateRepository = new TemplateRepository(db);
    const topicRepository = new TopicRepository(db);
    const compileClient = new GrpcCompileClient(this.compilerClient);
    const runs = new RunControl(new RunStore(db), this.log, this.notifications);
    const power = new TaskSwitch(taskRepository, runs, compileClient);
    const view = new TaskView(taskRepository, runs, compileClient);
    const queue = new KeyedQueue();
    const topics = new TopicService(topicRepository);
    const handlers = new HandlerService(topicRepository, alertHandler, {
      hasEndpoint: (name) => settings.endpoints.has(name),
    });
    const tasks = new TaskService(taskRepository, templateRepository, topics, power, view, compileClient, queue);
    const templates = new TemplateService(templateRepository, taskRepository, power, compileClient, queue);
    const facts = new FactStore(db);
    const serve = <Request, Response>(work: (request: Request) => Promise<Response>) => unary(logger, work);

    return {
      defineTask: serve((request: registry.DefineTaskRequest) => tasks.define(request)),
      createTask: serve((request: registry.CreateTaskRequest) => tasks.create(request)),
      updateTask: serve((request: registry.UpdateTaskRequest) => tasks.update(request)),
      getTask: serve(({ id }: registry.TaskId) => view.get(id)),
      listTasks: serve(async (request: registry.ListRequest) => ({ tasks: await view.list(request) })),
      deleteTask: serve(({ id }: registry.TaskId) => tasks.delete(id).then(() => nothing)),
      enableTask: serve(({ id }: registry.TaskId) => tasks.enable(id)),
      disableTask: serve(({ id }: registry.TaskId) => tasks.disable(id).then(() => nothing)),
      createTemplate: serve((request: registry.CreateTemplateRequest) => templates.create(request)),
      updateTemplate: serve((request: registry.UpdateTemplateRequest) => templates.update(request)),
      getTemplate: serve(({ id }: registry.TemplateId) => templates.get(id)),
      listTemplates: serve(async (request: registry.ListRequest) => ({ templates: await templates.list(request) })),
      deleteTemplate: serve(({ id }: registry.TemplateId) => templates.delete(id).then(() => nothing)),
      listTopics: serve(async (request: registry.ListTopicsRequest) => ({ topics: await topics.list(request) })),
      getTopic: serve(({ id }: registry.TopicId) => topics.get(id)),
      deleteTopic: serve(({ id }: registry.TopicId) => topics.delete(id).then(() => nothing)),
      listEvents: serve(async (request: registry.ListEventsRequest) => ({ events: await topics.events(request) })),
      getEvent: serve((request: registry.EventId) => topics.event(request)),
      listHandlers: serve(async (request: registry.ListHandlersRequest) => ({ handlers: await handlers.list(request) })),
      getHandler: serve((request: registry.HandlerId) => handlers.get(request)),
      createHandler: serve((request: registry.Handler) => handlers.create(request)),
      replaceHandler: serve((request: registry.ReplaceHandlerRequest) => handlers.replace(request)),
      patchHandler: serve((request: registry.PatchHandlerRequest) => handlers.patch(request)),
      deleteHandler: serve((request: registry.HandlerId) => handlers.delete(request).then(() => nothing)),
      summary: serve(async (): Promise<registry.SummaryResponse> => {
        const [count, ids] = await Promise.all([taskRepository.count(), facts.server()]);
        return { tasks: count.tasks, enabledTasks: count.enabled, ...ids };
      }),
    };
  }

  async stop(): Promise<void> {
    await this.grpc.close();
    this.levels.close();
    this.compilerClient.close();
    await this.notifications.close();
    await this.log.close();
    this.redis.disconnect();
    await this.db.$disconnect();
  }
}
