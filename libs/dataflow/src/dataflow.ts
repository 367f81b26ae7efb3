import { type Batch, Dimensions, type Point } from '@supercap/data-model';
import {
  FatalNodeError,
  StartError,
  type Clock,
  type NodeDefinition,
  type Pipeline,
  type PipelineNode,
  type Ports,
  type TaskInfo,
} from '@supercap/pipeline';
import { StateCodecError } from './codec-format';
import { Edge } from './edge';
import type { GroupBudget } from './group-states';
import { excessOf } from './memory-limit';
import type { TaskLog } from './node-log';
import { ReceiverRunner, type NodeRunner, type Surroundings } from './node-runner';
import type { Origin } from './origin';
import type { LoopWatch, RoutedBlock, SelectedSource } from './subscriber';
import { SelectedEntrance } from './selected-entrance';
import { restoreState, turn, writeState } from './saved-state';
import type { Snapshot } from './snapshot';
import { TaskClock } from './task-clock';
import { topologicalOrder } from './topological-order';
import { WaitingRunner } from './waiting-runner';

export interface DataflowLimits {
  /** Groups that one task may hold over all of its nodes. */
  readonly groups: number;
  /** Messages that may wait in front of its waiting nodes before its intake stops. */
  readonly waiting: number;
  /** Messages that one node may hold back for others (join, union, influxDBOut). */
  readonly heldBack: number;
  /** Bytes of state, roughly, that one task may hold over all of its nodes. */
  readonly stateBytes: number;
  /** Error lines that one node may log per second. */
  readonly errorsPerSecond: number;
  /** Idle groups are forgotten after so long, in nanoseconds; 0n: never. */
  readonly groupExpiry: bigint;
}

export const defaultLimits: DataflowLimits = {
  groups: 1_000_000,
  waiting: 1000,
  heldBack: 1_000_000,
  stateBytes: 1024 * 1024 * 1024,
  errorsPerSecond: 10,
  groupExpiry: 0n,
};

/** A source that passes on all points of a measurement (of any, when it is empty), grouped. */
export interface PlainSource {
  readonly measurement: string;
  readonly dimensions: Dimensions;
}

export interface DataflowEnvironment {
  readonly task: TaskInfo;
  readonly clock: Clock;
  readonly log: TaskLog;
  readonly limits?: DataflowLimits;
  /** The definition of a kind of node. */
  definition(kind: string): NodeDefinition | undefined;
  portsOf(nodeName: string): Ports;
  /** Called once, when a node failed for good: `<node>: <cause>`. */
  failed(error: Error): void;
  /** Told when code of the nodes runs that no router has entered; `number`: what the task is known by. */
  readonly watch?: LoopWatch;
  readonly number?: number;
  /** Given where several dataflows are fed by one reader, which then says once for all of them where it stands. */
  readonly origin?: Origin;
}

/** Measurements of which a task remembers who wants them. */
const MOST_MEASUREMENTS = 1000;

type Status = 'built' | 'running' | 'finished' | 'failed' | 'closed';

/** A pipeline running: nodes linked by direct calls. A message travels the whole chain before `feed` returns. */
export class Dataflow {
  private readonly runners = new Map<number, NodeRunner>();
  private readonly source: NodeRunner;
  private readonly order: NodeRunner[];
  private readonly clock: TaskClock;
  private readonly limits: DataflowLimits;
  private readonly origin: Origin;
  private status: Status = 'built';
  private inLine = 0;
  private lineWaiters: { readonly below: number; readonly resolve: () => void }[] = [];
  private expiry: (() => void) | undefined;
  private selected: SelectedEntrance | undefined;
  private hasChanged = false;
  /** Where points enter already grouped. */
  private readonly groupedBy: Dimensions[] = [];

  constructor(
    readonly pipeline: Pipeline,
    private readonly environment: DataflowEnvironment,
  ) {
    this.limits = environment.limits ?? defaultLimits;
    this.origin = environment.origin ?? { current: undefined };
    const budget: GroupBudget = { used: 0, limit: this.limits.groups };
    this.clock = new TaskClock(environment.clock, (callback) => this.tick(callback));
    const around: Surroundings = {
      task: environment.task,
      clock: this.clock,
      log: environment.log,
      budget,
      errorsPerSecond: this.limits.errorsPerSecond,
      heldBackLimit: this.limits.heldBack,
      groupExpiry: this.limits.groupExpiry,
      portsOf: (name) => environment.portsOf(name),
      fail: (error) => this.fail(error),
      waiting: (change) => this.waiting(change),
      origin: this.origin,
    };
    for (const node of pipeline.nodes) this.runners.set(node.id, makeRunner(node, environment, around));
    for (const node of pipeline.nodes) this.link(node);
    this.order = topologicalOrder(pipeline).map((id) => this.runners.get(id)!);
    const source = pipeline.nodes.find((node) => node.kind === pipeline.type && node.parents.length === 0);
    this.source = this.runners.get(source!.id)!;
  }

  private link(node: PipelineNode): void {
    const parent = this.runners.get(node.id)!;
    const seen = new Map<number, number>();
    for (const childId of node.children) {
      const child = this.runners.get(childId)!;
      // The same node may be a parent twice (`a|join(a)`): its edges take the child's places in turn.
      const nth = seen.get(childId) ?? 0;
      seen.set(childId, nth + 1);
      const places = child.node.parents.flatMap((id, place) => (id === node.id ? [place] : []));
      const edge = new Edge(
        node.name,
        child.name,
        node.provides === 'batch' ? 'batch' : 'stream',
        child,
        places[nth] ?? 0,
      );
      parent.outlets.push(edge);
      child.inlets.push(edge);
    }
  }

  /** Makes the nodes; from now on messages may come. Rejects with StartError, or whatever else a node threw. */
  async start(snapshot?: Snapshot): Promise<void> {
    // What a node keeps for itself is there before it is made, its groups come once it can take them.
    if (snapshot !== undefined) await restoreState(this.order, snapshot, 'shared');
    for (const runner of this.order) {
      const { watches } = runner.node;
      await runner.start(watches === undefined ? undefined : this.runners.get(watches)!.watched());
    }
    if (snapshot !== undefined) await restoreState(this.order, snapshot, 'groups');
    this.status = 'running';
    if (this.limits.groupExpiry > 0n) this.scheduleExpiry();
  }

  private get number(): number {
    return this.environment.number ?? 0;
  }

  get running(): boolean {
    return this.status === 'running';
  }

  get place(): unknown {
    return this.origin.current;
  }

  /** Points have come since this was set to false. */
  get changed(): boolean {
    return this.hasChanged || this.selected?.changed === true;
  }

  set changed(changed: boolean) {
    this.hasChanged = changed;
    if (this.selected !== undefined) this.selected.changed = changed;
  }

  /** A point of the live stream. */
  feed(point: Point): void {
    if (this.status !== 'running') return;
    this.hasChanged = true;
    this.source.send(point);
  }

  /**
   * Feeds rows where every source only selects a measurement and groups: the point is made once, in its group, and the
   * sources themselves are only counted. Undefined where a source does more.
   */
  rowFeeder(
    plainOf: (node: PipelineNode) => PlainSource | undefined,
  ): ((block: RoutedBlock, row: number) => void) | undefined {
    const edges = this.source.outlets;
    const sources = this.source.node.children.map((id) => {
      const runner = this.runners.get(id)!;
      const plain = plainOf(runner.node);
      return plain && { runner, ...plain };
    });
    const plain = sources.filter((source) => source !== undefined);
    if (plain.length === 0 || plain.length < sources.length || this.source.isWatched) return undefined;
    this.groupedBy.push(...plain.map(({ dimensions }) => dimensions));
    const targetsOf = new Map<string, typeof plain>();
    return (block, row) => {
      if (this.status !== 'running') return;
      this.hasChanged = true;
      let targets = targetsOf.get(block.name);
      if (targets === undefined) {
        targets = plain.filter(({ measurement }) => measurement === '' || measurement === block.name);
        if (targetsOf.size >= MOST_MEASUREMENTS) targetsOf.clear();
        targetsOf.set(block.name, targets);
      }
      for (let i = 0; i < edges.length; i++) edges[i]!.collected++;
      const { tags } = block.seriesAt(row);
      for (let i = 0; i < targets.length; i++) {
        const { runner, dimensions } = targets[i]!;
        runner.send(block.pointAt(row, tags.groupFor(dimensions, block.name)));
      }
    };
  }

  /**
   * Where points enter for which the condition of the only source is known to hold. Undefined where the source does more
   * than to select and to group.
   */
  selectedSource(selectedOf: (node: PipelineNode) => PlainSource | undefined): SelectedSource | undefined {
    const [edge, ...others] = this.source.outlets;
    const runner = this.runners.get(this.source.node.children[0]!);
    const plain = runner && selectedOf(runner.node);
    if (edge === undefined || plain === undefined || others.length > 0 || this.source.isWatched) return undefined;
    this.groupedBy.push(plain.dimensions);
    this.selected = new SelectedEntrance(plain.dimensions, runner!, this.number);
    return this.selected;
  }

  /** A batch for the query node with this number among the children of the source. */
  feedBatch(query: number, batch: Batch): void {
    if (this.status !== 'running') return;
    const id = this.source.node.children[query];
    const runner = id === undefined ? undefined : this.runners.get(id);
    runner?.send(batch);
  }

  /** Points that the source was owed and that no `from` could have passed: only counted. */
  skip(count: number): void {
    for (const edge of this.source.outlets) edge.collected += count;
  }

  // --- waiting nodes

  private waiting(change: number): void {
    this.inLine += change;
    if (change > 0 || this.lineWaiters.length === 0) return;
    const ready = this.lineWaiters.filter(({ below }) => this.inLine <= below);
    if (ready.length === 0) return;
    this.lineWaiters = this.lineWaiters.filter((waiter) => !ready.includes(waiter));
    for (const { resolve } of ready) resolve();
  }

  /** Whether it has nodes that wait: others are never saturated. */
  get waits(): boolean {
    return this.order.some((runner) => runner instanceof WaitingRunner);
  }

  /** As much waits as may: nothing more should be fed until `whenReady`. */
  get saturated(): boolean {
    return this.inLine >= this.limits.waiting;
  }

  get idle(): boolean {
    return this.inLine === 0;
  }

  whenReady(): Promise<void> {
    return this.whenLineIs(Math.floor(this.limits.waiting / 2));
  }

  whenIdle(): Promise<void> {
    return this.whenLineIs(0);
  }

  private whenLineIs(below: number): Promise<void> {
    if (this.inLine <= below || this.status !== 'running') return Promise.resolve();
    return new Promise((resolve) => this.lineWaiters.push({ below, resolve }));
  }

  // --- time

  private tick(callback: () => void): void {
    if (this.status !== 'running') return;
    const before = this.origin.current;
    this.origin.current = undefined;
    this.environment.watch?.enter(this.number);
    try {
      callback();
    } catch (thrown) {
      this.fail(thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
    this.environment.watch?.leave();
    this.origin.current = before;
  }

  private scheduleExpiry(): void {
    const interval = this.limits.groupExpiry / 4n > 0n ? this.limits.groupExpiry / 4n : 1n;
    this.expiry = this.clock.after(interval, () => {
      for (const runner of this.order) runner.expireGroups();
      this.scheduleExpiry();
    });
  }

  // --- end

  private fail(error: Error): void {
    if (this.status !== 'running' && this.status !== 'built') return;
    this.status = 'failed';
    this.closeNodes();
    this.environment.failed(error);
  }

  /** Input has ended: every node handles what it has, parents first. What they send comes from `place`. */
  async finish(place?: unknown): Promise<void> {
    if (this.status !== 'running') return;
    await this.whenIdle();
    for (const runner of this.order) {
      const before = this.origin.current;
      this.origin.current = place;
      this.environment.watch?.enter(this.number);
      const finished = runner.finish();
      this.environment.watch?.leave();
      this.origin.current = before;
      await finished;
    }
    if (this.status === 'running') this.status = 'finished';
    this.closeNodes();
  }

  /** Stops at once and sends nothing more. */
  close(): void {
    if (this.status === 'closed') return;
    if (this.status !== 'failed' && this.status !== 'finished') this.closeNodes();
    this.status = 'closed';
    for (const runner of this.order) runner.release();
    for (const dimensions of this.groupedBy) dimensions.retire();
  }

  private closeNodes(): void {
    this.expiry?.();
    this.selected?.close();
    this.clock.close();
    for (const runner of this.order) runner.close();
    for (const { resolve } of this.lineWaiters) resolve();
    this.lineWaiters = [];
  }

  // --- figures

  nodeStats(): Record<string, Record<string, number>> {
    return Object.fromEntries(this.order.map((runner) => [runner.name, runner.stats()]));
  }

  edges(): readonly Edge[] {
    return this.order.flatMap((runner) => runner.outlets);
  }

  /** Messages that have left the source. */
  get sourceMessages(): number {
    return this.source.outlets.reduce((most, edge) => Math.max(most, edge.collected), 0);
  }

  // --- memory

  /** Messages that have passed, wherever they came from: where none has, nothing holds more than before. */
  get messages(): number {
    let sum = 0;
    for (const { outlets } of this.order) for (const { collected } of outlets) sum += collected;
    return sum;
  }

  /**
   * Stops the task where it holds more than it may. Looks at up to so many groups of each node: what a task of very many
   * holds is known after some calls.
   */
  checkMemory(groups: number): void {
    if (this.status !== 'running') return;
    const excess = excessOf(
      this.order.map((runner) => runner.memory(groups)),
      this.limits.stateBytes,
    );
    if (excess !== undefined) this.fail(new FatalNodeError(excess));
  }

  // --- snapshots

  /** Number of groups over all nodes: what a snapshot costs. */
  get groupCount(): number {
    return this.order.reduce((sum, runner) => sum + (runner.groups?.size ?? 0), 0);
  }

  /**
   * The state of the whole task, written in pieces with a turn of the loop between them; the state stands still
   * meanwhile: feed nothing until it resolves. Nothing may be waiting (`whenIdle`). Up to 500 groups are written at once,
   * before this returns. The list belongs to the caller.
   */
  async snapshot(): Promise<Buffer[]> {
    const pieces: Buffer[] = [];
    for (const piece of this.stateInPieces()) {
      if (piece === undefined) await turn();
      else pieces.push(piece);
    }
    return pieces;
  }

  /** The same, piece by piece: nothing is held but what the reader has taken. Feed nothing until the end. */
  async *snapshotPieces(): AsyncGenerator<Buffer, void, undefined> {
    for (const piece of this.stateInPieces()) {
      if (piece === undefined) await turn();
      else yield piece;
    }
  }

  private *stateInPieces(): Generator<Buffer | undefined, void, undefined> {
    if (!this.idle) throw new StateCodecError('messages are still waiting in front of a node');
    this.clock.freeze();
    try {
      for (const piece of writeState(this.order)) {
        yield piece;
        // What is left of the state by now is not all of it.
        if (this.status === 'closed') throw new StateCodecError('the task ended while its state was written');
      }
    } finally {
      this.clock.thaw();
    }
  }
}

function makeRunner(node: PipelineNode, environment: DataflowEnvironment, around: Surroundings): NodeRunner {
  const definition = environment.definition(node.kind);
  if (definition === undefined) throw new StartError(`no node of kind ${node.kind} is known`);
  if (definition.runtime === undefined && !PASS_THROUGH.has(node.kind)) {
    throw new StartError(`${node.name}: ${definition.name} nodes cannot run in this version`);
  }
  return definition.runtime?.kind === 'waiting'
    ? new WaitingRunner(node, definition, around)
    : new ReceiverRunner(node, definition, around);
}

/** Nodes without code of their own: the sources and the internal pass-through. */
const PASS_THROUGH = new Set(['stream', 'batch', 'noop']);
