import { executor, registry } from '@supercap/protocol';
import { call, DEFAULT_DEADLINE_MS, grpcClient, type CallLimits } from '@supercap/transport';
import type { CallOptions, ClientUnaryCall, Metadata, ServiceError } from '@grpc/grpc-js';

type Unary<Q, A> = (
  request: Q,
  metadata: Metadata,
  options: Partial<CallOptions>,
  callback: (error: ServiceError | null, response: A) => void,
) => ClientUnaryCall;

const USUAL: CallLimits = { deadlineMs: DEFAULT_DEADLINE_MS };
/** Enabling waits for a run to be built, and may take that long; see the registry. */
const START: CallLimits = { deadlineMs: 40_000 };
/** Recordings and replays take as long as they take, unless there is nobody to wait for. */
const OPEN_ENDED: CallLimits = { waitForReady: false };
/** What runs is only asked about: an executor that is away is no reason to keep a client waiting. */
const GLANCE: CallLimits = { deadlineMs: 5_000, waitForReady: false };

/** The other services, as functions that return promises and throw HttpError. */
export type Registry = ReturnType<typeof connectRegistry>;
export type ExecutorService = ReturnType<typeof connectExecutor>;

export function connectRegistry(address: string) {
  const client = grpcClient(registry.TaskRegistryClient, address);
  const unary =
    <Q, A>(method: Unary<Q, A>, limits = USUAL) =>
    (request: Q, signal?: AbortSignal): Promise<A> =>
      call('task-registry', method.bind(client), request, signal === undefined ? limits : { ...limits, signal });
  return {
    defineTask: unary(client.defineTask, START),
    createTask: unary(client.createTask, START),
    updateTask: unary(client.updateTask, START),
    getTask: unary(client.getTask),
    listTasks: unary(client.listTasks),
    deleteTask: unary(client.deleteTask, START),
    enableTask: unary(client.enableTask, START),
    disableTask: unary(client.disableTask, START),
    createTemplate: unary(client.createTemplate),
    updateTemplate: unary(client.updateTemplate, START),
    getTemplate: unary(client.getTemplate),
    listTemplates: unary(client.listTemplates),
    deleteTemplate: unary(client.deleteTemplate),
    createRecording: unary(client.createRecording),
    getRecording: unary(client.getRecording, OPEN_ENDED),
    listRecordings: unary(client.listRecordings),
    deleteRecording: unary(client.deleteRecording),
    createReplay: unary(client.createReplay),
    getReplay: unary(client.getReplay, OPEN_ENDED),
    listReplays: unary(client.listReplays),
    deleteReplay: unary(client.deleteReplay),
    listTopics: unary(client.listTopics),
    getTopic: unary(client.getTopic),
    deleteTopic: unary(client.deleteTopic),
    listEvents: unary(client.listEvents),
    getEvent: unary(client.getEvent),
    listHandlers: unary(client.listHandlers),
    getHandler: unary(client.getHandler),
    createHandler: unary(client.createHandler),
    replaceHandler: unary(client.replaceHandler),
    patchHandler: unary(client.patchHandler),
    deleteHandler: unary(client.deleteHandler),
    summary: unary(client.summary),
    close: () => client.close(),
  };
}

export function connectExecutor(address: string) {
  const client = grpcClient(executor.ExecutorClient, address);
  const unary =
    <Q, A>(method: Unary<Q, A>, limits = GLANCE) =>
    (request: Q): Promise<A> =>
      call('stream-executor', method.bind(client), request, limits);
  return {
    inspect: unary(client.inspect),
    inspectMany: unary(client.inspectMany),
    httpOut: unary(client.httpOut),
    httpOutPaths: unary(client.httpOutPaths),
    figures: unary(client.figures),
    // Whoever collects metrics does not wait long.
    lag: unary(client.lag, { deadlineMs: 2_000, waitForReady: false }),
    reloadSideload: unary(client.reloadSideload, { deadlineMs: 15_000, waitForReady: false }),
    close: () => client.close(),
  };
}
