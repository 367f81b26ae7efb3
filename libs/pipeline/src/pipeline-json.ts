import { DurationValue, formatDuration, jsonFloat, jsonString } from '@supercap/data-model';
import { type Lambda, toAstJson } from '@supercap/tickscript';
import type { Catalog } from './catalog';
import type { HandlerUse, Parameter, ParameterRecord, PropertyRecord } from './definition';
import type { Pipeline, PipelineNode } from './pipeline';

// The public JSON of a pipeline: `{"nodes":[{typeOf,id,…}],"edges":[{parent,child}]}`. Durations are InfluxQL text,
// lambdas are syntax trees. Text is made directly, since integers may not fit a double.

/** Options whose key is not their name, by node. */
const keys: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  alert: { id: 'alertId' },
  kapacitorLoopback: { retentionPolicy: 'retention_policy' },
  query: { query: 'queryStr' },
};
const typeNames: Readonly<Record<string, string>> = { influxDBOut: 'influxdbOut' };

export function toPipelineJson(pipeline: Pipeline, catalog: Catalog): string {
  const hidden = new Set(pipeline.nodes.filter(({ kind }) => kind === 'noop').map(({ id }) => id));
  const nodes: string[] = [];
  const edges: string[] = [];
  for (const node of pipeline.nodes) {
    if (hidden.has(node.id)) continue;
    nodes.push(nodeJson(node, catalog));
    if (node.watches !== undefined) edges.push(edgeJson(node.watches, node.id));
    for (const child of node.children) if (!hidden.has(child)) edges.push(edgeJson(node.id, child));
  }
  return `{"nodes":[${nodes.join(',')}],"edges":[${edges.join(',')}]}`;
}

function edgeJson(parent: number, child: number): string {
  return `{"parent":"${parent}","child":"${child}"}`;
}

function nodeJson(node: PipelineNode, catalog: Catalog): string {
  const definition = catalog.get(node.kind);
  const parents = definition?.parents?.option;
  const members = [`"typeOf":${jsonString(typeNames[node.kind] ?? node.kind)}`, `"id":"${node.id}"`];
  for (const [name, value] of Object.entries(node.options)) {
    // Other parents are in the edges.
    if (name === parents || value === undefined) continue;
    const key = keys[node.kind]?.[name] ?? name;
    if (name === 'handlers' && definition?.handlers) {
      const handlers = (value as readonly HandlerUse[]).map((use) => handlerJson(use, catalog, node.kind));
      members.push(`"handlers":[${handlers.join(',')}]`);
    } else {
      members.push(
        `${jsonString(key)}:${valueJson(value, parameterOf(name, definition?.args, definition?.properties))}`,
      );
    }
  }
  if (node.quiet) members.push('"quiet":true');
  return `{${members.join(',')}}`;
}

function handlerJson(use: HandlerUse, catalog: Catalog, kind: string): string {
  const definition = catalog.get(kind)?.handlers?.find(({ name }) => name === use.name);
  const options = Object.entries(use.options).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [`${jsonString(name)}:${valueJson(value, parameterOf(name, definition?.args, definition?.properties))}`],
  );
  return `{${[`"typeOf":${jsonString(use.kind)}`, ...options].join(',')}}`;
}

function parameterOf(name: string, args: ParameterRecord = {}, properties: PropertyRecord = {}): Parameter | undefined {
  if (Object.hasOwn(args, name)) return args[name];
  return Object.hasOwn(properties, name) ? properties[name]!.parameters[0] : undefined;
}

function valueJson(value: unknown, parameter?: Parameter): string {
  switch (typeof value) {
    case 'bigint':
      return parameter?.type === 'duration' ? jsonString(formatDuration(value)) : value.toString();
    case 'number':
      return Number.isFinite(value) ? jsonFloat(value) : jsonString(String(value));
    case 'string':
      return jsonString(value);
    case 'boolean':
      return String(value);
    case 'object':
      break;
    default:
      return 'null';
  }
  if (value === null) return 'null';
  if (value instanceof DurationValue) return jsonString(formatDuration(value.ns));
  if (Array.isArray(value)) return `[${value.map((item) => valueJson(item, parameter)).join(',')}]`;
  if ('kind' in value) {
    if (value.kind === 'lambda') return toAstJson(value as Lambda);
    if (value.kind === 'star') return '{"typeOf":"star"}';
    if (value.kind === 'regex' && 'pattern' in value) return jsonString(String(value.pattern));
  }
  const members = Object.entries(value).flatMap(([key, member]) =>
    key === 'kind' || member === undefined ? [] : [`${jsonString(key)}:${valueJson(member)}`],
  );
  return `{${members.join(',')}}`;
}
