import {
  arg,
  defineNode,
  type HandlerDefinition,
  type NodeDefinition,
  type Property,
  property,
  restArg,
} from './definition';

/** The node types of an installation, by name. */
export interface Catalog {
  /** Sorted by name. The sources and the pass-through are among them. */
  readonly definitions: readonly NodeDefinition[];
  /** By the exact name, as a pipeline holds it. */
  get(kind: string): NodeDefinition | undefined;
  /** By the name that a script calls, the first letter in either case. */
  findMethod(name: string): NodeDefinition | undefined;
  members(definition: NodeDefinition): Members;
}

/** Properties and handlers of a definition, by name with a capital first letter. */
export interface Members {
  readonly properties: ReadonlyMap<string, readonly [name: string, property: Property]>;
  readonly handlers: ReadonlyMap<string, HandlerDefinition>;
}

/** The node that observes another one: its parents are not drawn, it is a root of its own. */
export const OBSERVER = 'stats';

/** What `|deadman(…)` is called with; it becomes stats, derivative and alert. */
export const deadmanCall = {
  name: 'deadman',
  summary: 'Alert when fewer points than a threshold pass within an interval.',
  parameters: [
    arg('float', 'Alert at this many points per interval or fewer.'),
    arg('duration', 'How long to count.'),
    restArg('lambda', 'Further conditions, all of which must hold.'),
  ],
} as const;

const sources: readonly NodeDefinition[] = [
  defineNode({
    name: 'stream',
    goType: '*pipeline.StreamNode',
    summary: 'The points that are written to the databases of the task.',
    edge: { wants: 'stream', provides: 'stream' },
    chainsFrom: [],
    args: {},
    properties: {},
  }),
  defineNode({
    name: 'batch',
    legacyPrefix: 'srcbatch',
    goType: '*pipeline.BatchNode',
    summary: 'The results of queries.',
    edge: { wants: 'batch', provides: 'batch' },
    chainsFrom: [],
    args: {},
    properties: {},
  }),
];

const passThrough = defineNode({
  name: 'noop',
  goType: '*pipeline.NoOpNode',
  summary: 'Passes everything on; keeps the output of an observed node counted.',
  edge: { wants: 'any', provides: 'same' },
  chainsFrom: [],
  args: {},
  properties: {},
  runtime: { kind: 'receiver', create: () => ({}) },
});

/** Every node has it; how a pipeline keeps it is `PipelineNode.quiet`. */
export const quietProperty = property.flag('Do not log the errors of this node, only count them.', '1.5.0');

export function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Throws if definitions contradict each other: a name twice, or the name of something that does not exist. */
export function createCatalog(definitions: readonly NodeDefinition[]): Catalog {
  const all = [...sources, passThrough, ...definitions];
  const byName = new Map<string, NodeDefinition>();
  const byMethod = new Map<string, NodeDefinition>();
  for (const definition of all) {
    const same = byMethod.get(upperFirst(definition.name));
    if (same)
      throw new Error(`two nodes are named "${definition.name}": ${describe(same)} and ${describe(definition)}`);
    byName.set(definition.name, definition);
    byMethod.set(upperFirst(definition.name), definition);
  }
  if (byMethod.has(upperFirst(deadmanCall.name))) {
    throw new Error(
      `"${deadmanCall.name}" is built in: ${describe(byMethod.get(upperFirst(deadmanCall.name))!)} cannot have its name`,
    );
  }
  const members = new Map<NodeDefinition, Members>();
  for (const definition of all) {
    for (const parent of definition.chainsFrom ?? []) {
      if (!byName.has(parent))
        throw new Error(`${describe(definition)} chains from "${parent}", which is not in the catalog`);
    }
    members.set(definition, membersOf(definition));
  }
  const sorted = all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return {
    definitions: sorted,
    get: (kind) => byName.get(kind),
    findMethod: (name) => byMethod.get(upperFirst(name)),
    members: (definition) => members.get(definition) ?? membersOf(definition),
  };
}

function membersOf(definition: NodeDefinition): Members {
  const properties = new Map<string, readonly [string, Property]>();
  const handlers = new Map<string, HandlerDefinition>();
  const claim = (name: string, what: string) => {
    const taken = properties.get(upperFirst(name))?.[0] ?? handlers.get(upperFirst(name))?.name;
    if (taken !== undefined) {
      throw new Error(`${describe(definition)} has "${taken}" already, so it cannot have the ${what} "${name}"`);
    }
  };
  for (const [name, declared] of Object.entries(definition.properties)) {
    claim(name, 'property');
    if (name in definition.args)
      throw new Error(`${describe(definition)} has both an argument and a property "${name}"`);
    properties.set(upperFirst(name), [name, declared]);
  }
  for (const handler of definition.handlers ?? []) {
    claim(handler.name, 'handler');
    handlers.set(upperFirst(handler.name), handler);
  }
  if (!properties.has('Quiet')) properties.set('Quiet', ['quiet', quietProperty]);
  return { properties, handlers };
}

function describe(definition: NodeDefinition): string {
  return `${definition.name} (${definition.goType}: ${definition.summary})`;
}
