import { DurationValue } from '@supercap/data-model';
import type { Pipeline, PipelineNode } from './pipeline';

// A pipeline as JSON. What JSON has no form for is written as an object with one `$` member; a plain object that has
// such a member itself is wrapped, so that everything comes back as it was.

/** Nesting beyond this is refused: what is read may come from anywhere. */
const DEPTH_LIMIT = 2_000;

export class PipelineFormatError extends Error {
  override readonly name = 'PipelineFormatError';
}

export function encodePipeline(pipeline: Pipeline): string {
  return JSON.stringify(toJson(pipeline, 0));
}

/** Throws PipelineFormatError if the text is not a pipeline of a known version. */
export function decodePipeline(json: string): Pipeline {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (error) {
    throw new PipelineFormatError(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const pipeline = fromJson(parsed, 0);
  if (!isRecord(pipeline)) throw new PipelineFormatError('a pipeline is an object');
  if (pipeline['version'] !== 1) {
    throw new PipelineFormatError(`version ${String(pipeline['version'])} of a pipeline is not known, only 1 is`);
  }
  if (pipeline['type'] !== 'stream' && pipeline['type'] !== 'batch') {
    throw new PipelineFormatError(`"type" must be stream or batch, got ${String(pipeline['type'])}`);
  }
  const { nodes } = pipeline;
  if (!Array.isArray(nodes)) throw new PipelineFormatError('"nodes" must be a list');
  const ids = new Set<number>();
  for (const node of nodes as unknown[]) {
    checkNode(node);
    if (ids.has(node.id)) throw new PipelineFormatError(`two nodes have the number ${node.id}`);
    ids.add(node.id);
  }
  for (const node of nodes as PipelineNode[]) {
    for (const id of [...node.parents, ...node.children, ...(node.watches === undefined ? [] : [node.watches])]) {
      if (!ids.has(id)) throw new PipelineFormatError(`${node.name} refers to node ${id}, which is missing`);
    }
  }
  return pipeline as unknown as Pipeline;
}

function checkNode(node: unknown): asserts node is PipelineNode {
  const isIds = (value: unknown) => Array.isArray(value) && value.every((id) => Number.isInteger(id));
  const bad = (member: string) => new PipelineFormatError(`"${member}" of a node is missing or of a wrong type`);
  if (!isRecord(node)) throw new PipelineFormatError('a node is an object');
  if (!Number.isInteger(node['id'])) throw bad('id');
  if (typeof node['name'] !== 'string') throw bad('name');
  if (typeof node['kind'] !== 'string') throw bad('kind');
  if (!isIds(node['parents'])) throw bad('parents');
  if (!isIds(node['children'])) throw bad('children');
  if (!['stream', 'batch', 'none'].includes(node['provides'] as string)) throw bad('provides');
  if (typeof node['quiet'] !== 'boolean') throw bad('quiet');
  if (!isRecord(node['options'])) throw bad('options');
  if (node['watches'] !== undefined && !Number.isInteger(node['watches'])) throw bad('watches');
}

function toJson(value: unknown, depth: number): unknown {
  if (depth > DEPTH_LIMIT) throw new PipelineFormatError('the pipeline is nested too deeply');
  switch (typeof value) {
    case 'bigint':
      return { $int: value.toString() };
    case 'undefined':
      return { $undefined: true };
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $float: Object.is(value, -0) ? '-0' : String(value) };
    case 'object':
      break;
    default:
      return value;
  }
  if (value === null) return null;
  if (value instanceof DurationValue) return { $duration: value.ns.toString() };
  if (Array.isArray(value)) return value.map((item) => toJson(item, depth + 1));
  if ('kind' in value && value.kind === 'binary' && 'left' in value) return rowToJson(value, depth);
  const entries = Object.entries(value).map(([key, member]) => [key, toJson(member, depth + 1)] as const);
  const object = Object.fromEntries(entries);
  return entries.some(([key]) => key.startsWith('$')) ? { $object: object } : object;
}

/** Rows of operators lean to the left and are as long as the script: they are written flat, innermost first. */
function rowToJson(outermost: object, depth: number): unknown {
  const row: unknown[] = [];
  let node: unknown = outermost;
  while (isRecord(node) && node['kind'] === 'binary' && 'left' in node) {
    const { left, ...rest } = node;
    row.push(toJson(rest, depth + 1));
    node = left;
  }
  row.push(toJson(node, depth + 1));
  return { $row: row.reverse() };
}

function rowFromJson(row: readonly unknown[], depth: number): unknown {
  const [first, ...rest] = row.map((node) => fromJson(node, depth + 1));
  return rest.reduce((left, node) => {
    if (!isRecord(node)) throw new PipelineFormatError('a row of operators holds only operators');
    return { ...node, left };
  }, first);
}

function fromJson(value: unknown, depth: number): unknown {
  if (depth > DEPTH_LIMIT) throw new PipelineFormatError('the pipeline is nested too deeply');
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => fromJson(item, depth + 1));
  const object = value as Record<string, unknown>;
  const [key] = Object.keys(object);
  if (key?.startsWith('$')) {
    const held = object[key];
    switch (key) {
      case '$int':
        return toInt(held);
      case '$duration':
        return new DurationValue(toInt(held));
      case '$float':
        return Number(held);
      case '$undefined':
        return undefined;
      case '$row':
        if (Array.isArray(held)) return rowFromJson(held, depth);
        break;
      case '$object':
        if (isRecord(held)) return members(held, depth);
    }
    throw new PipelineFormatError(`"${key}" is not known in a pipeline`);
  }
  return members(object, depth);
}

function members(object: Record<string, unknown>, depth: number): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([key, member]) => [key, fromJson(member, depth + 1)]));
}

function toInt(text: unknown): bigint {
  if (typeof text === 'string' && /^-?\d{1,19}$/.test(text)) {
    const value = BigInt(text);
    if (BigInt.asIntN(64, value) === value) return value;
  }
  throw new PipelineFormatError(`${JSON.stringify(text)} is not an int of 64 bits`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof DurationValue);
}
