import { formatDurationGo } from '@supercap/data-model';
import type { Pipeline, PipelineNode } from './pipeline';

/** `digraph ID {`, a line per edge in topological order, `}`. The source of a batch task is not drawn. */
export function dot(pipeline: Pipeline, taskId: string): string {
  const lines = [`digraph ${taskId} {`];
  for (const [parent, child] of drawnEdges(pipeline)) lines.push(`${parent.name} -> ${child.name};`);
  lines.push('}');
  return lines.join('\n');
}

function* drawnEdges(pipeline: Pipeline): Generator<readonly [PipelineNode, PipelineNode]> {
  const byId = new Map(pipeline.nodes.map((node) => [node.id, node]));
  for (const parent of pipeline.nodes) {
    if (parent.kind === 'batch') continue;
    for (const child of parent.children) yield [parent, byId.get(child)!];
  }
}

/** Live figures of an executing task, for its graph. */
export interface DotStats {
  /** Messages per second that the source gets. */
  readonly throughput: number;
  /** Values by statistic, per node name. A statistic that is a duration is a bigint of nanoseconds. */
  readonly nodes: Readonly<Record<string, Readonly<Record<string, number | string | bigint>>>>;
  /** Messages that passed an edge, by `parent child` names; of several edges between the same two, in link order. */
  readonly processed: (parent: string, child: string, nth: number) => number | bigint;
}

export type DotView = 'attributes' | 'labels';

/** The graph of an executing task with its figures, as attributes of their own or as labels that Graphviz draws. */
export function dotWithStats(pipeline: Pipeline, taskId: string, stats: DotStats, view: DotView): string {
  const throughput = `${stats.throughput.toFixed(2)} ${pipeline.type === 'batch' ? 'batches' : 'points'}/s`;
  const byId = new Map(pipeline.nodes.map((node) => [node.id, node]));
  const lines = [
    `digraph ${taskId} {`,
    view === 'attributes'
      ? `graph [throughput="${throughput}"];`
      : `graph [label="Throughput: ${throughput}" forcelabels=true pad="0.8,0.5"];`,
  ];
  for (const node of pipeline.nodes) {
    if (node.kind === 'batch') continue;
    lines.push('', nodeLine(node.name, stats.nodes[node.name] ?? {}, view));
    const drawn = new Map<number, number>();
    for (const child of node.children) {
      const nth = drawn.get(child) ?? 0;
      drawn.set(child, nth + 1);
      const { name } = byId.get(child)!;
      const processed = stats.processed(node.name, name, nth);
      const attribute = view === 'attributes' ? `processed="${processed}"` : `label="processed=${processed}"`;
      lines.push(`${node.name} -> ${name} [${attribute}];`);
    }
  }
  lines.push('}');
  return lines.join('\n');
}

function nodeLine(name: string, stats: Readonly<Record<string, number | string | bigint>>, view: DotView): string {
  const values = Object.keys(stats)
    .sort()
    .map((key) => [key, statText(stats[key]!)] as const);
  return view === 'attributes'
    ? `${name} [${values.map(([key, text]) => `${key}="${text}" `).join('')}];`
    : `${name} [xlabel="${values.map(([key, text]) => `${key}=${text}`).join('\\r')}"];`;
}

function statText(value: number | string | bigint): string {
  return typeof value === 'bigint' ? formatDurationGo(value) : String(value);
}
