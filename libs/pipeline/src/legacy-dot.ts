import type { Catalog } from './catalog';
import { legacyAggregations } from './legacy';
import type { Pipeline, PipelineNode } from './pipeline';

/**
 * The graph as the 2016 API shows it, whatever the script is written in: the node kinds of that time, `map` and
 * `reduce` for an aggregation, and the numbers that the nodes would have had.
 */
export function legacyDot(pipeline: Pipeline, taskName: string, catalog: Catalog): string {
  const names = legacyNames(pipeline, catalog);
  const byId = new Map(pipeline.nodes.map((node) => [node.id, node]));
  const lines = [`digraph ${taskName} {`];
  for (const node of pipeline.nodes) {
    if (node.kind === 'batch' || node.implicit || node.kind === 'noop') continue;
    const { entry, exit } = names.get(node.id)!;
    if (entry !== exit) lines.push(`${entry} -> ${exit};`);
    for (const child of childrenOf(node, byId)) lines.push(`${exit} -> ${names.get(child.id)!.entry};`);
  }
  lines.push('}');
  return lines.join('\n');
}

/** The nodes behind an implicit from count as children of the source; pass-throughs did not exist. */
function childrenOf(node: PipelineNode, byId: ReadonlyMap<number, PipelineNode>): PipelineNode[] {
  return node.children.flatMap((id) => {
    const child = byId.get(id)!;
    if (child.implicit) return childrenOf(child, byId);
    return child.kind === 'noop' ? [] : [child];
  });
}

interface LegacyName {
  /** Where edges into the node end, and where those out of it begin. */
  readonly entry: string;
  readonly exit: string;
}

function legacyNames(pipeline: Pipeline, catalog: Catalog): Map<number, LegacyName> {
  const names = new Map<number, LegacyName>();
  let next = 0;
  for (const node of pipeline.nodes.toSorted((a, b) => a.id - b.id)) {
    if (node.kind === 'noop' || node.implicit) continue;
    if (legacyAggregations.has(node.kind)) {
      names.set(node.id, { entry: `map${next}`, exit: `reduce${next + 1}` });
      next += 2;
      continue;
    }
    // A node of several parents takes a number for each and keeps the last.
    next += Math.max(node.parents.length, 1);
    const name = `${legacyPrefix(node, catalog)}${next - 1}`;
    names.set(node.id, { entry: name, exit: name });
  }
  return names;
}

function legacyPrefix(node: PipelineNode, catalog: Catalog): string {
  if (node.kind === 'udf') return String(node.options['udf']);
  const definition = catalog.get(node.kind);
  return definition?.legacyPrefix ?? definition?.prefix ?? node.kind;
}
