/** What one node holds. */
export interface NodeMemory {
  readonly name: string;
  readonly bytes: number;
  readonly groups: number;
}

/** Says which node holds most, where all of them together hold more than they may. */
export function excessOf(nodes: readonly NodeMemory[], limit: number): string | undefined {
  const total = nodes.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= limit) return undefined;
  const most = nodes.reduce((largest, node) => (node.bytes > largest.bytes ? node : largest));
  const where = most.groups === 0 ? '' : ` in ${most.groups} ${most.groups === 1 ? 'group' : 'groups'}`;
  return `${most.name}: state of the task exceeds ${megabytes(limit)}: ${most.name} holds ${megabytes(most.bytes)}${where}`;
}

const MB = 1024 * 1024;
const megabytes = (bytes: number) =>
  `${bytes < 10 * MB ? Math.round((bytes / MB) * 10) / 10 : Math.round(bytes / MB)} MB`;
