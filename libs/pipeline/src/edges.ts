import type { Catalog } from './catalog';
import type { Pipeline, PipelineNode } from './pipeline';

/**
 * The first edge whose ends do not fit, as the text with which enabling a task fails. Scripts may define such edges
 * (a union of a stream and of batches); they cannot run.
 */
export function edgeMismatch(pipeline: Pipeline, catalog: Catalog): string | undefined {
  const byId = new Map(pipeline.nodes.map((node) => [node.id, node]));
  for (const parent of pipeline.nodes) {
    for (const id of parent.children) {
      const child = byId.get(id)!;
      const wanted = wantedBy(child, byId, catalog);
      if (wanted !== undefined && parent.provides !== wanted) {
        return `cannot add child mismatched edges: ${parent.name}:${parent.provides} -> ${child.name}:${wanted}`;
      }
    }
  }
  return undefined;
}

/** What a node that takes either wants is what the node left of its pipe provides. */
function wantedBy(
  node: PipelineNode,
  byId: ReadonlyMap<number, PipelineNode>,
  catalog: Catalog,
): 'stream' | 'batch' | 'none' | undefined {
  const definition = catalog.get(node.kind);
  if (!definition) return undefined;
  const { wants } = definition.edge;
  if (wants !== 'any') return wants;
  const left = definition.parents?.leftIsLast ? node.parents.at(-1) : node.parents[0];
  return left === undefined ? undefined : byId.get(left)?.provides;
}
