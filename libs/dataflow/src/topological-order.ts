import { StartError, type Pipeline } from '@supercap/pipeline';

/** Parents before children; nodes that observe another come after it. */
export function topologicalOrder(pipeline: Pipeline): number[] {
  const remaining = new Map(pipeline.nodes.map((node) => [node.id, new Set(node.parents)]));
  const order: number[] = [];
  while (remaining.size > 0) {
    const ready = [...remaining].filter(([, parents]) => parents.size === 0).map(([id]) => id);
    if (ready.length === 0) throw new StartError('the pipeline has a cycle');
    for (const id of ready) {
      remaining.delete(id);
      order.push(id);
    }
    for (const parents of remaining.values()) for (const id of ready) parents.delete(id);
  }
  return order;
}
