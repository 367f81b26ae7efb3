import type { Barrier, Batch, DeleteGroup, FieldValue, Group, Message, Point, Time } from '@supercap/data-model';

// What a running node is to the engine. The engine owns all state: `state` (one per group) and `shared` (one per node)
// are handed in with every message and saved in snapshots. They are plain data: numbers, strings, bigints, booleans,
// null, undefined, arrays, plain objects, Map, Set, typed arrays, and the classes of the data model (Point, Batch, Tags,
// Layout, DurationValue, TimeValue). A runtime keeps nothing else that a restart may not forget.
//
// Group state of many groups is saved in pieces with pauses between them, `shared` in one go: what grows with the
// number of groups belongs in `state`.

/** Where a node's output goes. A message goes to every child at once, before the call returns. */
export interface Output {
  send(message: Message): void;
  /** Sends to the first child only (trickle). */
  sendFirst(message: Message): void;
}

/** Processing time. Real time in a live task, the injected clock in tests. */
export interface Clock {
  now(): Time;
  /** Calls back after `delay` ns of wall time, once. Returns the cancellation. Cancelled when the node stops. */
  after(delay: bigint, callback: () => void): () => void;
}

/** Live figures of a node, shown under its name in task stats, beside those that the engine counts. */
export interface Counter {
  add(count?: number): void;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, unknown>>;

/** One HTTP request by a node or a handler. */
export interface HttpRequest {
  readonly method?: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Nanoseconds; the configured default unless given. */
  readonly timeout?: bigint;
  readonly skipTlsVerification?: boolean;
}
export interface HttpResponse {
  readonly status: number;
  readonly body: string;
}
export interface HttpClient {
  /** Rejects only when no answer came. */
  request(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse>;
}

/** A `[[httppost]]` endpoint of the configuration. */
export interface HttpEndpoint {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly basicAuth?: { readonly username: string; readonly password: string };
  readonly alertTemplate?: string;
  readonly rowTemplate?: string;
}

export type AlertLevel = 'OK' | 'INFO' | 'WARNING' | 'CRITICAL';

/** What an alert node hands to delivery: one small value; the JSON of its data is made when first asked for. */
export interface AlertEvent {
  /** The id of the alert, as rendered. */
  readonly id: string;
  readonly message: string;
  readonly details: string;
  readonly time: Time;
  /** Nanoseconds. */
  readonly duration: bigint;
  readonly level: AlertLevel;
  readonly recoverable: boolean;
  readonly name: string;
  readonly taskName: string;
  /** The group id, `nil` when ungrouped. */
  readonly group: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** The triggering point or the whole batch. */
  readonly data: Point | Batch;
}

/** The state that a topic keeps of one event id. */
export interface EventState {
  readonly level: AlertLevel;
  readonly message: string;
  readonly details: string;
  readonly time: Time;
  readonly duration: bigint;
}

export interface AlertPort {
  /** Publishes to these topics in order (the anonymous one first). */
  publish(topics: readonly string[], event: AlertEvent): void;
  /** What a topic knows of an event id; topics of the task are loaded before it starts. */
  state(topic: string, id: string): EventState | undefined;
  /** Sets a topic's state without an event (state restore between the anonymous and a named topic). */
  restore(topic: string, id: string, state: EventState): void;
  /** Registers TICKscript handlers under the anonymous topic of a node. May throw StartError. */
  attach(topic: string, handlers: readonly { kind: string; options: Readonly<Record<string, unknown>> }[]): void;
  /** Says that an inhibitor of this category and these tag values is (in)active. */
  inhibit(source: string, category: string, tags: Readonly<Record<string, string>>, active: boolean): void;
  isInhibited(category: string, tags: Readonly<Record<string, string>>): boolean;
}

export interface InfluxWrite {
  readonly cluster: string;
  readonly db: string;
  readonly rp: string;
  readonly precision: string;
  readonly consistency: string;
  /** Line protocol. */
  readonly body: string;
}
export interface InfluxPort {
  /** Throws StartError if the cluster is not configured. */
  require(cluster: string): void;
  write(write: InfluxWrite): Promise<void>;
  query(cluster: string, query: string): Promise<void>;
}

/** What the world outside looks like to a node. The engine declares it, the executor (or a test) provides it. */
export interface Ports {
  readonly http: HttpClient;
  readonly alerts: AlertPort;
  readonly influx: InfluxPort;
  endpoint(name: string): HttpEndpoint | undefined;
  /** Publishes the output of an httpOut node; returns its withdrawal. `result` gives the JSON when asked. */
  serve(path: string, result: () => string): () => void;
  /** Writes points back into the log (kapacitorLoopback). */
  loopback(points: readonly Point[]): void;
  /** Files of a sideload source below an absolute folder: relative path to text. */
  readFolder(path: string): Promise<ReadonlyMap<string, string>>;
  /** Calls back when sideload sources are to be read again, which may fail; returns the withdrawal. */
  onSideloadReload?(reload: () => Promise<void>): () => void;
  readonly server: { readonly hostname: string; readonly clusterId: string; readonly serverId: string };
  readonly deadman: { readonly id: string; readonly message: string };
}

export interface TaskInfo {
  readonly id: string;
  readonly type: 'stream' | 'batch';
  readonly dbrps: readonly { readonly db: string; readonly rp: string }[];
  /** `main`, or the id of the replay. */
  readonly master: string;
}

/** A node that is watched (stats, deadman): what its first child edge has seen, per group. */
export interface Watched {
  /** Group, and the points emitted to it since start. Empty before the first message. */
  emitted(): Iterable<readonly [Group, number]>;
}

export interface NodeContext<O, Shared> {
  readonly options: O;
  readonly shared: Shared;
  readonly task: TaskInfo;
  /** e.g. `alert2` */
  readonly nodeName: string;
  readonly out: Output;
  readonly clock: Clock;
  readonly ports: Ports;
  /** Counts an error of the node and logs it (unless `.quiet()`): `cause` is the error text that users know. */
  report(message: string, cause: string, fields?: LogFields): void;
  log(level: LogLevel, message: string, fields?: LogFields): void;
  counter(name: string): Counter;
  /** Stops the whole task with `<node>: <cause>`. */
  fail(cause: string): never;
  /** The node that this one observes (stats only). */
  readonly watched?: Watched;
  /** Names of the parents, in order. */
  readonly parents: readonly string[];
  readonly hasChildren: boolean;
  /** Messages that the node may hold back (join, union, influxDBOut); each has a default of its own. */
  readonly heldBackLimit?: number;
  /** Forgets the state of a group, as a DeleteGroup that arrives does, and passes the message on. */
  deleteGroup(group: Group): void;
}

/**
 * Handlers of messages. One that is absent forwards the message unchanged; a handler forwards by returning the message
 * (or another), and drops by returning undefined. What needs more than one message out uses `context.out`.
 * A batch without its own handler goes point by point through `point`, and its batch is sent on with the results.
 */
export interface Receiver<State> {
  point?(point: Point, state: State, parent: number): Point | undefined;
  batch?(batch: Batch, state: State, parent: number): Batch | Point | undefined;
  /** Called before the points of a batch go through `point`, to reset what is kept within a batch. */
  beginBatch?(batch: Batch, state: State): void;
  barrier?(barrier: Barrier, state: State, parent: number): Barrier | undefined;
  /** The group's state is gone after this. */
  deleteGroup?(message: DeleteGroup, state: State | undefined, parent: number): DeleteGroup | undefined;
  /** A group was seen for the first time (or again after its deletion), or its state came back from a snapshot. */
  openGroup?(group: Group, state: State, first: Message | undefined): void;
  /** Input has ended (stop, end of a replay): send what the semantics say, e.g. join and union drain. */
  finish?(states: Iterable<readonly [Group, State]>): void | Promise<void>;
  /** Called last, also after a failure: timers are already cancelled. */
  close?(): void;
}

/**
 * Handlers that wait (an HTTP answer). The engine hands in one message at a time, keeps the order of everything behind
 * it, bounds what waits, and holds the run's intake and snapshots back meanwhile.
 */
export interface WaitingReceiver<State> {
  point?(point: Point, state: State, signal: AbortSignal): Promise<Point | undefined>;
  batch?(batch: Batch, state: State, signal: AbortSignal): Promise<Batch | undefined>;
  finish?(): Promise<void>;
  close?(): void;
}

export type NodeRuntime<O, Shared, State> =
  | { readonly kind: 'receiver'; create(context: NodeContext<O, Shared>): Receiver<State> | Promise<Receiver<State>> }
  | {
      readonly kind: 'waiting';
      create(context: NodeContext<O, Shared>): WaitingReceiver<State> | Promise<WaitingReceiver<State>>;
    };

/** Enabling fails with exactly this text (no prefix), e.g. `invalid sample rate: must be positive integer or duration`. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** Thrown by `context.fail`; the engine adds the node's name. */
export class FatalNodeError extends Error {
  override readonly name = 'FatalNodeError';
}
