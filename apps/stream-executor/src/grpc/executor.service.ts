import { dotWithStats, type Catalog } from '@supercap/pipeline';
import { executor } from '@supercap/protocol';
import type { RunStore } from '@supercap/storage';
import type { Logger } from '@supercap/telemetry';
import { call, clientStreaming, grpcClient, unary, type UnaryMethod } from '@supercap/transport';
import { batchFromJson } from '@supercap/recording';
import type { Dataflow } from '@supercap/dataflow';
import type { HttpOuts } from '../ports/http-outs';
import type { Sideloads } from '../ports/sideloads';
import { ReplayRun, type ReplayServices } from '../replay/replay-run';
import type { RunKeeper } from '../runs/run-keeper';
import { Throughput } from './throughput';

export interface ExecutorServiceDependencies {
  readonly keeper: RunKeeper;
  readonly runs: RunStore;
  readonly httpOuts: HttpOuts;
  readonly sideloads: Sideloads;
  readonly replays: ReplayServices;
  readonly catalog: Catalog;
  readonly address: string;
  readonly logger: Logger;
}

/** Sideload sources may answer late; a peer that says nothing for so long is left out. */
const PEER_DEADLINE_MS = 12_000;
/** Longer than this no answer holds the loop. */
const TURN_MS = 10;

/** What other services ask of an executor. */
export class ExecutorService {
  private readonly running = new Map<string, ReplayRun>();
  private readonly peers = new Map<string, executor.ExecutorClient>();
  readonly throughput: Throughput;

  constructor(private readonly deps: ExecutorServiceDependencies) {
    this.throughput = new Throughput(() =>
      [...deps.keeper.runs.values()].map(({ taskId, dataflow }) => [taskId, dataflow]),
    );
  }

  implementation(): executor.ExecutorServer {
    const { logger } = this.deps;
    return {
      inspect: unary(logger, (request) => this.inspect(request)),
      inspectMany: unary(logger, (request) => this.inspectMany(request)),
      httpOut: unary(logger, (request) => this.httpOut(request)),
      httpOutPaths: unary(logger, async (request) => {
        const own = { paths: this.deps.httpOuts.paths() };
        const others = await this.others(request, (peer) => peer.httpOutPaths.bind(peer));
        return { paths: [own, ...others].flatMap(({ paths }) => paths) };
      }),
      replay: clientStreaming(logger, (inputs) => this.replay(inputs)),
      figures: unary(logger, async (request) => {
        const own = { figuresJson: JSON.stringify(this.figures()) };
        const others = await this.others(request, (peer) => peer.figures.bind(peer));
        return {
          figuresJson: JSON.stringify(
            [own, ...others].flatMap((answer) => JSON.parse(answer.figuresJson) as unknown[]),
          ),
        };
      }),
      lag: unary(logger, async (request) => {
        const own = { seconds: (await this.deps.keeper.reader.lagMs()) / 1000 };
        const others = await this.others(request, (peer) => peer.lag.bind(peer));
        return { seconds: Math.max(...[own, ...others].map(({ seconds }) => seconds)) };
      }),
      reloadSideload: unary(logger, async (request) => {
        const own = { error: await this.deps.sideloads.reload() };
        const others = await this.others(request, (peer) => peer.reloadSideload.bind(peer));
        return [own, ...others].find(({ error }) => error !== '') ?? own;
      }),
    };
  }

  private async inspect(request: executor.InspectRequest): Promise<executor.InspectResponse> {
    const nothing: executor.InspectResponse = { executing: false, statsJson: '', dotAttributes: '', dotLabels: '' };
    if (request.replayId !== '') {
      const replay = this.running.get(request.replayId);
      return replay === undefined ? nothing : this.describe(replay.order.taskId, replay.dataflow, 0);
    }
    const run = this.deps.keeper.runs.get(request.taskId);
    if (run?.active) {
      this.deps.keeper.reader.settle(run);
      return this.describe(run.taskId, run.dataflow, this.throughput.of(run.taskId));
    }
    if (request.forwarded) return nothing;
    const peer = await this.owner(request.taskId);
    return peer === undefined
      ? nothing
      : call('stream-executor', peer.inspect.bind(peer), { ...request, forwarded: true });
  }

  /** Every executor is asked once, for those that are not here. */
  private async inspectMany({ taskIds, forwarded, brief }: executor.InspectManyRequest) {
    const tasks: executor.InspectedTask[] = [];
    const elsewhere: string[] = [];
    let began = performance.now();
    for (const taskId of taskIds) {
      const run = this.deps.keeper.runs.get(taskId);
      if (!run?.active) {
        elsewhere.push(taskId);
        continue;
      }
      this.deps.keeper.reader.settle(run);
      const described = this.describe(taskId, run.dataflow, this.throughput.of(taskId), brief);
      tasks.push({ taskId, inspected: described });
      if (performance.now() - began < TURN_MS) continue;
      await new Promise((resolve) => setImmediate(resolve));
      began = performance.now();
    }
    if (forwarded || elsewhere.length === 0) return { tasks };
    const request = { taskIds: elsewhere, forwarded: true, brief };
    const others = await this.others({ forwarded }, (peer) => peer.inspectMany.bind(peer), request);
    return { tasks: [...tasks, ...others.flatMap((answer) => answer.tasks)] };
  }

  private describe(taskId: string, dataflow: Dataflow, throughput: number, brief = false): executor.InspectResponse {
    const nodes = dataflow.nodeStats();
    const statsJson = JSON.stringify({ 'task-stats': { throughput }, 'node-stats': nodes });
    if (brief) return { executing: true, statsJson, dotAttributes: '', dotLabels: '' };
    const counts = new Map<string, number[]>();
    for (const edge of dataflow.edges()) {
      const key = `${edge.parentName} ${edge.childName}`;
      counts.set(key, [...(counts.get(key) ?? []), edge.collected]);
    }
    const own = Object.fromEntries(
      Object.entries(nodes).map(([name, stats]) => {
        const { collected: _collected, emitted: _emitted, avg_exec_time_ns: time, ...rest } = stats;
        return [name, { ...rest, avg_exec_time_ns: BigInt(time ?? 0) }];
      }),
    );
    const figures = {
      throughput,
      nodes: own,
      processed: (parent: string, child: string, nth: number) => counts.get(`${parent} ${child}`)?.[nth] ?? 0,
    };
    return {
      executing: true,
      statsJson,
      dotAttributes: dotWithStats(dataflow.pipeline, taskId, figures, 'attributes'),
      dotLabels: dotWithStats(dataflow.pipeline, taskId, figures, 'labels'),
    };
  }

  private async httpOut(request: executor.HttpOutRequest): Promise<executor.HttpOutResponse> {
    const result = this.deps.httpOuts.get(request.taskId, request.endpoint);
    if (result !== undefined) {
      try {
        return { found: true, resultJson: result(), error: '' };
      } catch (error) {
        return { found: true, resultJson: '', error: error instanceof Error ? error.message : String(error) };
      }
    }
    const nothing = { found: false, resultJson: '', error: '' };
    if (request.forwarded) return nothing;
    const peer = await this.owner(request.taskId);
    return peer === undefined
      ? nothing
      : call('stream-executor', peer.httpOut.bind(peer), { ...request, forwarded: true });
  }

  /** The executor that owns a task's run, unless it is this one. */
  private async owner(taskId: string): Promise<executor.ExecutorClient | undefined> {
    const address = await this.deps.runs.ownerAddress(taskId);
    if (address === undefined || address === this.deps.address) return undefined;
    return this.peer(address);
  }

  private peer(address: string): executor.ExecutorClient {
    let client = this.peers.get(address);
    if (client === undefined) this.peers.set(address, (client = grpcClient(executor.ExecutorClient, address)));
    return client;
  }

  /** What the other executors answer; one that has just gone is left out. */
  private async others<A, Q extends executor.EverywhereRequest = executor.EverywhereRequest>(
    { forwarded }: executor.EverywhereRequest,
    method: (peer: executor.ExecutorClient) => UnaryMethod<Q, A>,
    request: Q = { forwarded: true } as Q,
  ): Promise<readonly A[]> {
    if (forwarded) return [];
    const live = await this.deps.runs.liveExecutors();
    const addresses = new Set(live.map(({ address }) => address).filter((address) => address !== this.deps.address));
    const answers = await Promise.allSettled(
      [...addresses].map((address) =>
        call('stream-executor', method(this.peer(address)), request, {
          deadlineMs: PEER_DEADLINE_MS,
          waitForReady: false,
        }),
      ),
    );
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  }

  private figures(): { name: string; tags: Record<string, string>; values: Record<string, unknown> }[] {
    return [...this.deps.keeper.runs.values()].flatMap((run) => {
      if (!run.active) return [];
      this.deps.keeper.reader.settle(run);
      const type = run.pipeline.type;
      const kinds = new Map(run.pipeline.nodes.map((node) => [node.name, node.kind]));
      const edges = run.dataflow.edges().map((edge) => ({
        name: 'edges',
        tags: { task: run.taskId, parent: edge.parentName, child: edge.childName, type: edge.type },
        values: { collected: edge.collected, emitted: edge.collected },
      }));
      const nodes = Object.entries(run.dataflow.nodeStats()).map(([node, values]) => ({
        name: 'nodes',
        tags: { task: run.taskId, node, type, kind: kinds.get(node) ?? '' },
        values,
      }));
      return [...edges, ...nodes];
    });
  }

  // --- replays

  /** Of the replays that run here. */
  dataflows(): Dataflow[] {
    return [...this.running.values()].map(({ dataflow }) => dataflow);
  }

  private async replay(inputs: AsyncIterable<executor.ReplayInput>): Promise<executor.ReplayResult> {
    let run: ReplayRun | undefined;
    let isStarting = false;
    try {
      for await (const input of inputs) {
        if (input.start !== undefined) {
          const { replayId, taskId, type, pipelineJson, dbrps } = input.start;
          const order = {
            replayId,
            taskId,
            type: type === 'batch' ? ('batch' as const) : ('stream' as const),
            pipelineJson,
            dbrps,
          };
          isStarting = true;
          run = new ReplayRun(order, this.deps.replays);
          this.running.set(replayId, run);
          await run.start();
          isStarting = false;
        } else if (run === undefined) return { phase: 'start', error: 'a replay begins with its task', statsJson: '' };
        else if (input.entry !== undefined) await run.feedEntry(input.entry);
        else if (input.batch !== undefined)
          await run.feedBatch(input.batch.query, batchFromJson(input.batch.batchJson));
        if (run.error !== undefined) return { phase: 'run', error: run.error, statsJson: '' };
      }
      await run?.finish();
      if (run?.error !== undefined) return { phase: 'run', error: run.error, statsJson: '' };
      const stats = { 'task-stats': { throughput: 0 }, 'node-stats': run?.dataflow.nodeStats() ?? {} };
      return { phase: '', error: '', statsJson: JSON.stringify(stats) };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { phase: isStarting ? 'start' : 'replay', error: message, statsJson: '' };
    } finally {
      run?.close();
      if (run !== undefined) this.running.delete(run.order.replayId);
    }
  }

  close(): void {
    this.throughput.close();
    for (const peer of this.peers.values()) peer.close();
    for (const run of this.running.values()) run.close();
  }
}
