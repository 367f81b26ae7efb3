import { Batch, Point, type Message } from '@supercap/data-model';
import {
  defineNode,
  type LogFields,
  type LogLevel,
  type NodeDefinition,
  type Pipeline,
  type TaskInfo,
} from '@supercap/pipeline';
import { Dataflow, type DataflowLimits } from '../dataflow';
import type { Snapshot } from '../snapshot';
import { FakePorts } from './fake-ports';
import { ManualClock } from './manual-clock';

export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

/** A pipeline under test: every leaf gets a probe behind it that collects what comes out. */
export interface TestRun {
  readonly dataflow: Dataflow;
  readonly clock: ManualClock;
  readonly ports: FakePorts;
  /** What came out of the leaves, in order. */
  readonly output: Message[];
  readonly log: LogLine[];
  readonly failure: { error?: Error };
  /** Points and batches of the output, barriers left out. */
  data(): (Point | Batch)[];
}

export interface TestSetup {
  readonly clock?: ManualClock;
  readonly ports?: FakePorts;
  readonly task?: Partial<TaskInfo>;
  readonly snapshot?: Snapshot;
  readonly limits?: DataflowLimits;
  /** False: nothing hangs on the leaves, `output` stays empty. */
  readonly probes?: boolean;
}

/** Starts a pipeline in memory. `definitions` are those that it uses; sources and noop are known. */
export async function startPipeline(
  pipeline: Pipeline,
  definitions: readonly NodeDefinition[],
  setup: TestSetup = {},
): Promise<TestRun> {
  const clock = setup.clock ?? new ManualClock();
  const ports = setup.ports ?? new FakePorts();
  const output: Message[] = [];
  const log: LogLine[] = [];
  const failure: { error?: Error } = {};
  const probe = makeProbe(output);
  const known = new Map([...definitions, ...builtIns, probe].map((definition) => [definition.name, definition]));
  const dataflow = new Dataflow(setup.probes === false ? pipeline : withProbes(pipeline), {
    task: { id: 'test', type: pipeline.type, dbrps: [{ db: 'db', rp: 'rp' }], master: 'main', ...setup.task },
    clock,
    log: (level, message, fields) => log.push({ level, message, fields }),
    ...(setup.limits === undefined ? {} : { limits: setup.limits }),
    definition: (kind) => known.get(kind),
    portsOf: () => ports,
    failed: (error) => {
      failure.error = error;
    },
  });
  await dataflow.start(setup.snapshot);
  return {
    dataflow,
    clock,
    ports,
    output,
    log,
    failure,
    data: () =>
      output.filter((message): message is Point | Batch => message instanceof Point || message instanceof Batch),
  };
}

const builtIns = (['stream', 'batch', 'noop'] as const).map((name) =>
  defineNode({
    name,
    goType: '',
    summary: '',
    edge: { wants: 'any', provides: 'same' },
    args: {},
    properties: {},
  }),
);

function makeProbe(output: Message[]): NodeDefinition {
  const collect = <M extends Message>(message: M): undefined => void output.push(message);
  return defineNode({
    name: 'test-probe',
    goType: '',
    summary: 'Collects what arrives.',
    edge: { wants: 'any', provides: 'none' },
    args: {},
    properties: {},
    runtime: {
      kind: 'receiver',
      create: () => ({ point: collect, batch: collect, barrier: collect, deleteGroup: collect }),
    },
  });
}

function withProbes(pipeline: Pipeline): Pipeline {
  let next = Math.max(...pipeline.nodes.map(({ id }) => id)) + 1000;
  const probes = pipeline.nodes
    .filter((node) => node.children.length === 0 && node.provides !== 'none')
    .map((leaf) => ({ leaf: leaf.id, id: next++ }));
  return {
    ...pipeline,
    nodes: [
      ...pipeline.nodes.map((node) => {
        const probe = probes.find(({ leaf }) => leaf === node.id);
        return probe === undefined ? node : { ...node, children: [probe.id] };
      }),
      ...probes.map(({ leaf, id }) => ({
        id,
        name: `probe${id}`,
        kind: 'test-probe',
        parents: [leaf],
        children: [],
        provides: 'none' as const,
        quiet: false,
        options: {},
      })),
    ],
  };
}
