import { type Json, type JsonObject, isJsonObject, sameJson } from './json';

// JSON Patch, RFC 6902. Values are never changed in place: every operation makes the containers on its path anew.

/** A patch that is no patch, or that does not apply. */
export class PatchError extends Error {
  override readonly name = 'PatchError';
}

type Path = readonly string[];

export interface Operation {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  readonly path: string;
  readonly from?: string;
  readonly value?: Json;
}

const OPERATIONS = ['add', 'remove', 'replace', 'move', 'copy', 'test'] as const;
const MOST_OPERATIONS = 1000;

/** Reads a patch. Throws PatchError. */
export function readPatch(json: Json): readonly Operation[] {
  if (!Array.isArray(json))
    throw new PatchError(`json: cannot unmarshal ${goKind(json)} into Go value of type jsonpatch.Patch`);
  if (json.length > MOST_OPERATIONS) throw new PatchError(`${json.length} operations are more than ${MOST_OPERATIONS}`);
  return json.map((item: Json) => {
    if (!isJsonObject(item)) {
      throw new PatchError(`json: cannot unmarshal ${goKind(item)} into Go value of type jsonpatch.operation`);
    }
    const op = OPERATIONS.find((known) => known === item['op']);
    if (op === undefined) throw new PatchError(`Unexpected kind: ${String(item['op'] ?? 'unknown')}`);
    const { path, from } = item;
    if (typeof path !== 'string') throw new PatchError(`${op} operation without path`);
    const isFromMissing = (op === 'move' || op === 'copy') && typeof from !== 'string';
    if (isFromMissing) throw new PatchError(`${op} operation without from`);
    if ((op === 'add' || op === 'replace' || op === 'test') && !('value' in item)) {
      throw new PatchError(`${op} operation without value`);
    }
    return {
      op,
      path,
      ...(typeof from === 'string' && { from }),
      ...(item['value'] !== undefined && { value: item['value'] }),
    };
  });
}

/** Applies all operations or none. Throws PatchError. */
export function applyPatch(document: Json, operations: readonly Operation[]): Json {
  return operations.reduce(applyOperation, document);
}

function applyOperation(document: Json, { op, path, from = '', value = null }: Operation): Json {
  const place = parsePointer(path);
  switch (op) {
    case 'add':
      return add(document, place, value);
    case 'remove':
      return remove(document, place, op);
    case 'replace':
      find(document, place, op);
      return place.length === 0 ? value : change(document, place, op, (parent, key) => put(parent, key, value));
    case 'test':
      if (!sameJson(find(document, place, op), value)) throw new PatchError(`Testing value ${path} failed`);
      return document;
    case 'copy':
      return add(document, place, find(document, parsePointer(from), op));
    case 'move': {
      const source = parsePointer(from);
      const moved = find(document, source, op);
      if (path === from) return document;
      if (path.startsWith(`${from}/`)) throw new PatchError(`cannot move ${from} into itself`);
      return add(remove(document, source, op), place, moved);
    }
  }
}

function parsePointer(pointer: string): Path {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) throw new PatchError(`path must begin with a slash: ${pointer}`);
  const parts = pointer.slice(1).split('/');
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

const written = (path: Path) => path.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

function find(document: Json, path: Path, op: string): Json {
  let value = document;
  for (const [i, key] of path.entries()) {
    const child = childOf(value, key);
    if (child === undefined) {
      const missing = i === path.length - 1 ? 'key' : 'path';
      throw new PatchError(`jsonpatch ${op} operation does not apply: doc is missing ${missing}: ${written(path)}`);
    }
    value = child;
  }
  return value;
}

function childOf(value: Json, key: string): Json | undefined {
  if (Array.isArray(value)) return value[indexIn(value, key, value.length - 1)] as Json;
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function add(document: Json, path: Path, value: Json): Json {
  if (path.length === 0) return value;
  return change(document, path, 'add', (parent, key) => {
    if (!Array.isArray(parent)) return put(parent, key, value);
    const index = key === '-' ? parent.length : indexIn(parent, key, parent.length);
    return [...parent.slice(0, index), value, ...parent.slice(index)] as Json;
  });
}

function remove(document: Json, path: Path, op: string): Json {
  if (path.length === 0) throw new PatchError('the whole document cannot be removed');
  return change(document, path, op, (parent, key) => {
    if (Array.isArray(parent)) {
      const index = indexIn(parent, key, parent.length - 1);
      return parent.filter((_item, i) => i !== index) as Json;
    }
    if (!Object.hasOwn(parent, key)) throw new PatchError(`Unable to remove nonexistent key: ${key}`);
    return Object.fromEntries(Object.entries(parent).filter(([name]) => name !== key));
  });
}

/** Makes the container at the end of the path anew, and with it those above. */
function change(
  document: Json,
  path: Path,
  op: string,
  make: (parent: readonly Json[] | JsonObject, key: string) => Json,
): Json {
  const missing = () =>
    new PatchError(`jsonpatch ${op} operation does not apply: doc is missing path: ${written(path)}`);
  const at = (value: Json, depth: number): Json => {
    if (!Array.isArray(value) && !isJsonObject(value)) throw missing();
    const key = path[depth]!;
    if (depth === path.length - 1) return make(value, key);
    const child = childOf(value, key);
    if (child === undefined) throw missing();
    return put(value, key, at(child, depth + 1));
  };
  return at(document, 0);
}

function put(parent: readonly Json[] | JsonObject, key: string, value: Json): Json {
  if (Array.isArray(parent)) return parent.with(indexIn(parent, key, parent.length - 1), value) as Json;
  // Computed keys make a property of their own even of `__proto__`.
  return { ...(parent as JsonObject), [key]: value };
}

function indexIn(array: readonly Json[], key: string, most: number): number {
  if (!/^(0|[1-9]\d*)$/.test(key))
    throw new PatchError(`Invalid index referenced: ${key} in an array of ${array.length}`);
  const index = Number(key);
  if (index > most) throw new PatchError(`Unable to access invalid index: ${key}`);
  return index;
}

function goKind(value: Json): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'bool';
  return Array.isArray(value) ? 'array' : typeof value;
}
