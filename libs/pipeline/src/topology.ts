/**
 * Parents before children, in the order in which everything follows the graph: depth first from the last root to the
 * first, children in link order, and the whole reversed.
 */
export function topologicalOrder<N>(roots: readonly N[], childrenOf: (node: N) => readonly N[]): N[] {
  const finished: N[] = [];
  const seen = new Set<N>();
  for (const root of roots.toReversed()) {
    if (seen.has(root)) continue;
    seen.add(root);
    // A stack of its own: chains may be longer than the call stack is deep.
    const path: { node: N; next: number }[] = [{ node: root, next: 0 }];
    while (path.length > 0) {
      const top = path[path.length - 1]!;
      const child = childrenOf(top.node)[top.next++];
      if (child === undefined) {
        finished.push(top.node);
        path.pop();
      } else if (!seen.has(child)) {
        seen.add(child);
        path.push({ node: child, next: 0 });
      }
    }
  }
  return finished.reverse();
}
