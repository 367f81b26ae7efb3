import { formatDuration } from '@supercap/data-model';
import { functionCatalog } from '@supercap/lambda';
import { type Catalog, deadmanCall } from './catalog';
import type { EdgeType, NodeDefinition, NodeExample, Parameter, ParameterRecord, PropertyRecord } from './definition';

// The catalog as plain data, for the docs and the UI.

export interface ParameterDescription {
  readonly name?: string;
  readonly type: string;
  readonly summary: string;
  readonly optional: boolean;
  readonly variadic: boolean;
}

export interface PropertyDescription {
  readonly name: string;
  readonly summary: string;
  readonly parameters: readonly ParameterDescription[];
  /** As it is written in a script; absent if there is none. */
  readonly default?: string;
  readonly since?: string;
}

export interface HandlerDescription {
  readonly name: string;
  readonly kind: string;
  readonly summary: string;
  readonly args: readonly ParameterDescription[];
  readonly properties: readonly PropertyDescription[];
  readonly since?: string;
}

export interface NodeDescription {
  readonly name: string;
  readonly summary: string;
  readonly wants: EdgeType | 'any';
  readonly provides: EdgeType | 'same' | 'none';
  /** The nodes it can follow; absent if it can follow every node. */
  readonly chainsFrom?: readonly string[];
  readonly args: readonly ParameterDescription[];
  readonly properties: readonly PropertyDescription[];
  readonly handlers: readonly HandlerDescription[];
  readonly examples: readonly NodeExample[];
  readonly runs: boolean;
  readonly since?: string;
}

export interface FunctionDescription {
  readonly name: string;
  readonly theme: string;
  readonly summary: string;
  readonly signatures: readonly { readonly args: readonly string[]; readonly result: string }[];
  readonly since?: string;
}

export interface CatalogDescription {
  readonly nodes: readonly NodeDescription[];
  /** What lambdas can call. */
  readonly functions: readonly FunctionDescription[];
}

export function describeCatalog(catalog: Catalog): CatalogDescription {
  const nodes = catalog.definitions.filter(({ name }) => name !== 'noop').map(describeNode);
  const deadman: NodeDescription = {
    name: deadmanCall.name,
    summary: deadmanCall.summary,
    wants: 'any',
    provides: 'stream',
    args: deadmanCall.parameters.map((parameter, i) =>
      describeParameter(parameter, ['threshold', 'interval', 'conditions'][i]),
    ),
    properties: [],
    handlers: [],
    examples: [],
    runs: true,
  };
  return {
    nodes: [...nodes, deadman].sort((a, b) => (a.name < b.name ? -1 : 1)),
    functions: [...functionCatalog.values()].map(({ name, theme, summary, signatures, since }) => ({
      name,
      theme,
      summary,
      signatures: signatures.map(({ args, result }) => ({ args, result })),
      ...(since !== undefined && { since }),
    })),
  };
}

function describeNode(definition: NodeDefinition): NodeDescription {
  const { name, summary, edge, chainsFrom, args, properties, handlers, examples, runtime, since } = definition;
  return {
    name,
    summary,
    wants: edge.wants,
    provides: edge.provides,
    ...(chainsFrom && { chainsFrom }),
    args: describeArguments(args),
    properties: describeProperties(properties),
    handlers: (handlers ?? []).map((handler) => ({
      name: handler.name,
      kind: handler.kind,
      summary: handler.summary,
      args: describeArguments(handler.args),
      properties: describeProperties(handler.properties),
      ...(handler.since !== undefined && { since: handler.since }),
    })),
    examples: examples ?? [],
    // The sources have no code of their own: the engine feeds them.
    runs: runtime !== undefined || name === 'stream' || name === 'batch',
    ...(since !== undefined && { since }),
  };
}

function describeArguments(args: ParameterRecord): ParameterDescription[] {
  return Object.entries(args).map(([name, parameter]) => describeParameter(parameter, name));
}

function describeParameter({ type, summary, optional, variadic }: Parameter, name?: string): ParameterDescription {
  return {
    ...(name !== undefined && { name }),
    type,
    summary,
    optional: optional === true,
    variadic: variadic === true,
  };
}

function describeProperties(properties: PropertyRecord): PropertyDescription[] {
  return Object.entries(properties).map(([name, { summary, parameters, initial, since }]) => {
    const written = writeDefault(initial, parameters[0]?.type);
    return {
      name,
      summary,
      parameters: parameters.map((parameter) => describeParameter(parameter)),
      ...(written !== undefined && { default: written }),
      ...(since !== undefined && { since }),
    };
  });
}

function writeDefault(value: unknown, type: string | undefined): string | undefined {
  switch (typeof value) {
    case 'bigint':
      return type === 'duration' ? formatDuration(value) : String(value);
    case 'number':
      return Number.isInteger(value) ? value.toFixed(1) : String(value);
    case 'boolean':
      return value ? 'TRUE' : 'FALSE';
    case 'string':
      return `'${value.replaceAll("'", "\\'")}'`;
    default:
      return undefined;
  }
}
