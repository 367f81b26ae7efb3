import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import type { registry } from '@supercap/protocol';
import type { Logger } from '@supercap/telemetry';
import { badRequest, unary } from '@supercap/transport';
import { checkNameLengths } from '../names';
import type { RecordingService } from '../recordings/recording-service';
import type { ReplayService } from '../recordings/replay-service';
import type { TaskService } from '../tasks/task-service';
import type { TaskView } from '../tasks/task-view';
import type { TemplateService } from '../templates/template-service';
import type { HandlerService } from '../topics/handler-service';
import type { TopicService } from '../topics/topic-service';

export interface RegistryServices {
  readonly tasks: TaskService;
  readonly view: TaskView;
  readonly templates: TemplateService;
  readonly recordings: RecordingService;
  readonly replays: ReplayService;
  readonly topics: TopicService;
  readonly handlers: HandlerService;
  summary(): Promise<registry.SummaryResponse>;
}

const EMPTY: registry.Empty = {};

/** The methods of the registry. */
export function registryMethods(
  services: RegistryServices,
  limits: { readonly nameBytes: number },
  log: Logger,
): UntypedServiceImplementation {
  const { tasks, view, templates, recordings, replays, topics, handlers } = services;
  const method = <Request, Response>(serve: (request: Request) => Promise<Response>) =>
    unary<Request, Response>(log, async (request) => {
      refuseNul(request);
      return serve(request);
    });
  const naming = <Request extends Parameters<typeof checkNameLengths>[0], Response>(
    serve: (request: Request) => Promise<Response>,
  ) =>
    method(async (request: Request) => {
      checkNameLengths(request, limits.nameBytes);
      return serve(request);
    });
  const emptied = <Request>(serve: (request: Request) => Promise<void>) =>
    method(async (request: Request) => {
      await serve(request);
      return EMPTY;
    });
  return {
    defineTask: naming((request: registry.DefineTaskRequest) => tasks.define(request)),
    createTask: naming((request: registry.CreateTaskRequest) => tasks.create(request)),
    updateTask: naming((request: registry.UpdateTaskRequest) => tasks.update(request)),
    getTask: method(({ id }: registry.TaskId) => view.get(id)),
    listTasks: method(async (request: registry.ListRequest) => ({ tasks: await view.list(request) })),
    deleteTask: emptied(({ id }: registry.TaskId) => tasks.delete(id)),
    enableTask: method(({ id }: registry.TaskId) => tasks.enable(id)),
    disableTask: emptied(({ id }: registry.TaskId) => tasks.disable(id)),

    createTemplate: naming((request: registry.CreateTemplateRequest) => templates.create(request)),
    updateTemplate: naming((request: registry.UpdateTemplateRequest) => templates.update(request)),
    getTemplate: method(({ id }: registry.TemplateId) => templates.get(id)),
    listTemplates: method(async (request: registry.ListRequest) => ({ templates: await templates.list(request) })),
    deleteTemplate: emptied(({ id }: registry.TemplateId) => templates.delete(id)),

    createRecording: naming((request: registry.CreateRecordingRequest) => recordings.create(request)),
    getRecording: method((request: registry.GetRecordingRequest) => recordings.get(request)),
    listRecordings: method(async (request: registry.ListRequest) => ({ recordings: await recordings.list(request) })),
    deleteRecording: emptied(({ id }: registry.RecordingId) => recordings.delete(id)),

    createReplay: naming((request: registry.CreateReplayRequest) => replays.create(request)),
    getReplay: method((request: registry.GetReplayRequest) => replays.get(request)),
    listReplays: method(async (request: registry.ListRequest) => ({ replays: await replays.list(request) })),
    deleteReplay: emptied(({ id }: registry.ReplayId) => replays.delete(id)),

    listTopics: method(async (request: registry.ListTopicsRequest) => ({ topics: await topics.list(request) })),
    getTopic: method(({ id }: registry.TopicId) => topics.get(id)),
    deleteTopic: emptied(({ id }: registry.TopicId) => topics.delete(id)),
    listEvents: method(async (request: registry.ListEventsRequest) => ({ events: await topics.events(request) })),
    getEvent: method((request: registry.EventId) => topics.event(request)),
    listHandlers: method(async (request: registry.ListHandlersRequest) => ({ handlers: await handlers.list(request) })),
    getHandler: method((request: registry.HandlerId) => handlers.get(request)),
    createHandler: naming((request: registry.Handler) => handlers.create(request)),
    replaceHandler: method(async (request: registry.ReplaceHandlerRequest) => {
      checkNameLengths({ id: request.spec?.id ?? '' }, limits.nameBytes);
      return handlers.replace(request);
    }),
    patchHandler: method((request: registry.PatchHandlerRequest) => handlers.patch(request)),
    deleteHandler: emptied((request: registry.HandlerId) => handlers.delete(request)),

    summary: method((_request: registry.Empty) => services.summary()),
  };
}

/** The database's texts cannot hold it. */
export function refuseNul(value: unknown): void {
  if (typeof value === 'string') {
    if (value.includes('\0')) throw badRequest('a NUL character is not allowed');
  } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(refuseNul);
}
