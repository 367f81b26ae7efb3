import { Batch, DeleteGroup, Point, type Barrier, type Group, type Message } from '@supercap/data-model';
import {
  FatalNodeError,
  type Counter,
  type LogFields,
  type LogLevel,
  type NodeContext,
  type NodeDefinition,
  type PipelineNode,
  type Ports,
  type Receiver,
  type TaskInfo,
  type Watched,
} from '@supercap/pipeline';
import type { Edge, Inlet } from './edge';
import { GroupStates, type GroupBudget } from './group-states';
import { ErrorLog, type TaskLog } from './node-log';
import type { NodeMemory } from './memory-limit';
import type { Origin } from './origin';
import { StateMeter } from './state-meter';
import { sizeOf } from './state-size';
import type { TaskClock } from './task-clock';

/** What the nodes of one dataflow share. */
export interface Surroundings {
  readonly task: TaskInfo;
  readonly clock: TaskClock;
  readonly log: TaskLog;
  readonly budget: GroupBudget;
  readonly errorsPerSecond: number;
  /** Messages that one node may hold back. */
  readonly heldBackLimit: number;
  /** Idle groups are forgotten after so long (ns); 0n: never. */
  readonly groupExpiry: bigint;
  portsOf(nodeName: string): Ports;
  /** A node failed for good: the whole task stops. */
  fail(error: Error): void;
  /** Messages that wait in front of a node that waits for the world outside, over the whole task. */
  waiting(change: number): void;
  /** Kept with what waits. */
  readonly origin: Origin;
}

/** Every so many messages one is timed. */
const TIMING_SAMPLE = 1024;

/** One node of a running dataflow: hands messages to its handlers, owns its state, counts. */
export abstract class NodeRunner implements Inlet {
  readonly outlets: Edge[] = [];
  readonly inlets: Edge[] = [];
  protected shared: unknown;
  protected readonly states: GroupStates<unknown> | undefined;
  private readonly meter: StateMeter | undefined;
  private errors = 0;
  private rejectedGroups = 0;
  private readonly counters = new Map<string, number>();
  private readonly errorLog: ErrorLog;
  protected execNanos = 0;
  protected untilTimed = TIMING_SAMPLE;
  /** Points sent to the first child per group, where another node watches (stats). */
  private watch: Map<string, { readonly group: Group; count: number }> | undefined;

  constructor(
    readonly node: PipelineNode,
    readonly definition: NodeDefinition,
    protected readonly around: Surroundings,
  ) {
    this.errorLog = new ErrorLog(around.log, around.clock, around.errorsPerSecond);
    this.shared = definition.shared?.(node.options as never);
    const { state } = definition;
    if (state !== undefined) {
      this.states = new GroupStates(
        () => state(node.options as never),
        (group, groupState, first) => this.openGroup(group, groupState, first),
        around.budget,
      );
      this.meter = new StateMeter(this.states);
    }
  }

  abstract receive(message: Message, parent: number): void;
  abstract start(watched: Watched | undefined): Promise<void>;
  abstract finish(): Promise<void>;
  abstract close(): void;
  protected abstract openGroup(group: Group, state: unknown, first: Message | undefined): void;

  get name(): string {
    return this.node.name;
  }

  // --- output

  readonly send = (message: Message): void => {
    if (this.watch !== undefined) this.count(message);
    const { outlets } = this;
    for (let i = 0; i < outlets.length; i++) outlets[i]!.send(message);
  };

  readonly sendFirst = (message: Message): void => {
    if (this.watch !== undefined) this.count(message);
    this.outlets[0]?.send(message);
  };

  watched(): Watched {
    const watch = (this.watch ??= new Map());
    return {
      *emitted() {
        for (const { group, count } of watch.values()) yield [group, count] as const;
      },
    };
  }

  get isWatched(): boolean {
    return this.watch !== undefined;
  }

  private count(message: Message): void {
    const watch = this.watch!;
    if (message instanceof DeleteGroup) {
      watch.delete(message.group.id);
      return;
    }
    const points = message instanceof Point ? 1 : message instanceof Batch ? message.points.length : 0;
    const entry = watch.get(message.group.id);
    if (entry === undefined) watch.set(message.group.id, { group: message.group, count: points });
    else entry.count += points;
  }

  // --- state

  protected openEntry(message: Message): { state: unknown } | undefined {
    const entry = this.states!.open(message.group, message);
    if (entry === undefined) {
      if (this.rejectedGroups++ === 0) {
        this.around.log('warn', 'task holds as many groups as it may: messages of new groups are dropped', {
          node: this.name,
          limit: this.around.budget.limit,
        });
      }
      return undefined;
    }
    if (this.around.groupExpiry > 0n) entry.seen = this.around.clock.now();
    return entry;
  }

  /** Deletes groups that have been idle for too long, as if their deletion had arrived. */
  expireGroups(): void {
    if (this.states === undefined) return;
    const limit = this.around.clock.now() - this.around.groupExpiry;
    for (const { group, seen } of [...this.states.values()]) if (seen < limit) this.receive(new DeleteGroup(group), 0);
  }

  /** Everything of this node that a snapshot holds, but for the groups, which are written in pieces. */
  saveShared(): unknown {
    return {
      shared: this.shared,
      errors: this.errors,
      counters: this.counters,
      watch:
        this.watch && [...this.watch.values()].map(({ group, count }) => [group.byName, group.name, group.tags, count]),
      edges: this.outlets.map((edge) => edge.collected),
    };
  }

  restoreShared(saved: unknown, groupFrom: (byName: boolean, name: string, tags: Group['tags']) => Group): void {
    const { shared, errors, counters, watch, edges } = saved as {
      shared: unknown;
      errors: number;
      counters: Map<string, number>;
      watch?: [boolean, string, Group['tags'], number][];
      edges: number[];
    };
    this.shared = shared;
    this.errors = errors;
    for (const [name, count] of counters) this.counters.set(name, count);
    if (watch !== undefined) {
      this.watch = new Map();
      for (const [byName, name, tags, count] of watch) {
        const group = groupFrom(byName, name, tags);
        this.watch.set(group.id, { group, count });
      }
    }
    edges.forEach((count, i) => {
      const edge = this.outlets[i];
      if (edge !== undefined) edge.collected = count;
    });
  }

  /** What it holds, roughly, having looked at up to so many groups. */
  memory(groups: number): NodeMemory {
    const bytes = sizeOf(this.shared) + this.waitingBytes() + (this.meter?.measure(groups) ?? 0);
    return { name: this.name, bytes, groups: this.states?.size ?? 0 };
  }

  protected waitingBytes(): number {
    return 0;
  }

  /** Lets go of all state: nothing comes any more, and nobody asks. */
  release(): void {
    this.states?.clear();
    this.watch?.clear();
    this.shared = undefined;
  }

  get groups(): GroupStates<unknown> | undefined {
    return this.states;
  }

  // --- figures

  stats(): Record<string, number> {
    const total = (edges: readonly Edge[]) => edges.reduce((sum, edge) => sum + edge.collected, 0);
    // What a source collects comes from outside, and goes to each of its children.
    const collected =
      this.node.parents.length > 0 ? total(this.inlets) : Math.max(0, ...this.outlets.map((edge) => edge.collected));
    return {
      ...Object.fromEntries(this.counters),
      ...(this.rejectedGroups > 0 ? { groups_rejected: this.rejectedGroups } : {}),
      avg_exec_time_ns: Math.round(this.execNanos),
      collected,
      emitted: total(this.outlets),
      errors: this.errors,
      working_cardinality: this.cardinality(),
    };
  }

  private cardinality(): number {
    const { definition, shared, states } = this;
    if (definition.cardinality === undefined) return states?.size ?? 0;
    return definition.cardinality(shared as never, (states?.states() ?? []) as Iterable<never>);
  }

  // --- what the node's code sees

  protected context(watched: Watched | undefined): NodeContext<never, never> {
    const { around, node } = this;
    return {
      options: node.options as never,
      // A snapshot is there before the node is made.
      shared: this.shared as never,
      task: around.task,
      nodeName: node.name,
      out: { send: this.send, sendFirst: this.sendFirst },
      clock: around.clock,
      ports: around.portsOf(node.name),
      report: (message, cause, fields) => this.report(message, cause, fields),
      log: (level: LogLevel, message: string, fields?: LogFields) =>
        around.log(level, message, { node: node.name, ...fields }),
      counter: (name) => this.counter(name),
      fail: (cause) => {
        throw new FatalNodeError(`${node.name}: ${cause}`);
      },
      ...(watched === undefined ? {} : { watched }),
      parents: this.inlets.map((edge) => edge.parentName),
      hasChildren: this.outlets.length > 0,
      heldBackLimit: around.heldBackLimit,
      deleteGroup: (group) => this.receive(new DeleteGroup(group), 0),
    };
  }

  private counter(name: string): Counter {
    const { counters } = this;
    if (!counters.has(name)) counters.set(name, 0);
    return {
      add(count = 1) {
        counters.set(name, counters.get(name)! + count);
      },
    };
  }

  private report(message: string, cause: string, fields: LogFields = {}): void {
    if (this.node.quiet && this.definition.uncountedWhenQuiet) return;
    this.errors++;
    if (!this.node.quiet) this.errorLog.write(message, { node: this.name, err: cause, ...fields });
  }

  protected fail(thrown: unknown): void {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    const error = thrown instanceof FatalNodeError ? thrown : new FatalNodeError(`${this.name}: ${text}`);
    if (error !== thrown && thrown instanceof Error && thrown.stack !== undefined) error.stack = thrown.stack;
    this.around.fail(error);
  }
}

/** A node whose handlers answer at once. */
export class ReceiverRunner extends NodeRunner {
  private receiver: Receiver<unknown> = {};

  async start(watched: Watched | undefined): Promise<void> {
    const { runtime } = this.definition;
    if (runtime?.kind !== 'receiver') return;
    this.receiver = await runtime.create(this.context(watched));
  }

  receive(message: Message, parent: number): void {
    try {
      if (message instanceof Point) this.point(message, parent);
      else if (message instanceof Batch) this.batch(message, parent);
      else if (message instanceof DeleteGroup) this.deleteGroup(message, parent);
      else this.barrier(message, parent);
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  private point(point: Point, parent: number): void {
    const { receiver } = this;
    let state: unknown;
    if (this.states !== undefined) {
      const entry = this.openEntry(point);
      if (entry === undefined) return;
      state = entry.state;
    }
    if (receiver.point === undefined) return this.send(point);
    let out: Point | undefined;
    if (--this.untilTimed === 0) {
      const before = process.hrtime.bigint();
      out = receiver.point(point, state, parent);
      this.timed(before);
    } else out = receiver.point(point, state, parent);
    if (out !== undefined) this.send(out);
  }

  private batch(batch: Batch, parent: number): void {
    const { receiver } = this;
    let state: unknown;
    if (this.states !== undefined) {
      const entry = this.openEntry(batch);
      if (entry === undefined) return;
      state = entry.state;
    }
    receiver.beginBatch?.(batch, state);
    if (receiver.batch !== undefined) {
      const out = receiver.batch(batch, state, parent);
      if (out !== undefined) this.send(out);
      return;
    }
    if (receiver.point === undefined) return this.send(batch);
    const points: Point[] = [];
    for (const point of batch.points) {
      const out = receiver.point(point, state, parent);
      if (out !== undefined) points.push(out);
    }
    this.send(batch.withPoints(points));
  }

  private barrier(barrier: Barrier, parent: number): void {
    const { receiver } = this;
    let state: unknown;
    if (this.states !== undefined) {
      const entry = this.openEntry(barrier);
      if (entry === undefined) return;
      state = entry.state;
    }
    const out = receiver.barrier === undefined ? barrier : receiver.barrier(barrier, state, parent);
    if (out !== undefined) this.send(out);
  }

  private deleteGroup(message: DeleteGroup, parent: number): void {
    const entry = this.states?.get(message.group);
    // The deletion of a group that a grouped node does not know goes no further.
    if (this.states !== undefined && entry === undefined) return;
    const { receiver } = this;
    const out = receiver.deleteGroup === undefined ? message : receiver.deleteGroup(message, entry?.state, parent);
    this.states?.delete(message.group);
    if (out !== undefined) this.send(out);
  }

  protected openGroup(group: Group, state: unknown, first: Message | undefined): void {
    this.receiver.openGroup?.(group, state, first);
  }

  private timed(before: bigint): void {
    this.untilTimed = TIMING_SAMPLE;
    const took = Number(process.hrtime.bigint() - before);
    this.execNanos = this.execNanos === 0 ? took : this.execNanos * 0.9 + took * 0.1;
  }

  async finish(): Promise<void> {
    try {
      await this.receiver.finish?.(this.states?.pairs() ?? []);
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  close(): void {
    this.receiver.close?.();
  }
}
