import { type Catalog, deadmanCall, OBSERVER, upperFirst } from './catalog';
import type { HandlerDefinition, NodeDefinition, Property } from './definition';
import { HandlerHandle, NodeHandle, UdfHandle } from './node-handle';
import type { UdfDefinition } from './udf';

// What a name means on an object: a property, a handler, a chaining method or a UDF.

export type Method = NodeDefinition | typeof deadmanCall;

export type Member =
  | {
      readonly kind: 'property';
      readonly holder: NodeHandle | HandlerHandle;
      readonly key: string;
      readonly property: Property;
    }
  | { readonly kind: 'handler'; readonly definition: HandlerDefinition }
  | { readonly kind: 'udfOption'; readonly name: string };

export function nodeOf(object: NodeHandle | HandlerHandle): NodeHandle {
  return object instanceof HandlerHandle ? object.node : object;
}

/** A property, an option of a UDF or an alert handler. Those of the handler itself come before those of its node. */
export function findMember(catalog: Catalog, object: NodeHandle | HandlerHandle, name: string): Member | undefined {
  const wanted = upperFirst(name);
  if (object instanceof HandlerHandle) {
    const key = Object.keys(object.definition.properties).find((key) => upperFirst(key) === wanted);
    if (key !== undefined)
      return { kind: 'property', holder: object, key, property: object.definition.properties[key]! };
  }
  const node = nodeOf(object);
  if (node instanceof UdfHandle && Object.hasOwn(node.udf.options, name)) return { kind: 'udfOption', name };
  const members = catalog.members(node.definition);
  const found = members.properties.get(wanted);
  if (found) return { kind: 'property', holder: node, key: found[0], property: found[1] };
  const definition = members.handlers.get(wanted);
  return definition && { kind: 'handler', definition };
}

/** Whether the method exists on this node. Nothing but an observer goes on a source or behind an output. */
export function canChain(method: Method, node: NodeHandle): boolean {
  if (method === deadmanCall || method.name === OBSERVER) return true;
  // The source of a 2016 script is a from node as well.
  const kinds =
    node.nodeKind === 'stream' && node.definition.name !== 'stream'
      ? ['stream', node.definition.name]
      : [node.nodeKind];
  const { chainsFrom } = method as NodeDefinition;
  if (chainsFrom) return kinds.some((kind) => chainsFrom.includes(kind));
  return node.provides !== 'none' && kinds.some((kind) => kind !== 'stream' && kind !== 'batch');
}

export function findMethod(catalog: Catalog, node: NodeHandle, name: string): Method | undefined {
  const method = upperFirst(name) === upperFirst(deadmanCall.name) ? deadmanCall : catalog.findMethod(name);
  return method && canChain(method, node) ? method : undefined;
}

/** Every name that could follow the object with this operator. */
export function memberNames(
  catalog: Catalog,
  object: NodeHandle | HandlerHandle,
  operator: '|' | '.' | '@',
  udfs: ReadonlyMap<string, UdfDefinition>,
): string[] {
  const node = nodeOf(object);
  switch (operator) {
    case '@':
      return [...udfs.keys()];
    case '|':
      return [deadmanCall, ...catalog.definitions].filter((method) => canChain(method, node)).map(({ name }) => name);
    case '.': {
      const members = catalog.members(node.definition);
      return [
        ...(object instanceof HandlerHandle ? Object.keys(object.definition.properties) : []),
        ...(node instanceof UdfHandle ? Object.keys(node.udf.options) : []),
        ...[...members.properties.values()].map(([key]) => key),
        ...[...members.handlers.values()].map(({ name }) => name),
      ];
    }
  }
}
