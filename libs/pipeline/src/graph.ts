import type { EdgeType, NodeDefinition } from './definition';
import { ScriptError } from './errors';
import { NodeHandle } from './node-handle';

/** A point travels a chain of nodes in one turn: a longer one would not fit the stack, nor start soon. */
const MOST_NODES = 1000;

/** The nodes of a script in the making, and their numbers. */
export class Graph {
  /** Sources and observers: nodes without parents, in order of creation. */
  readonly roots: NodeHandle[] = [];
  private nextId = 0;

  addRoot(node: NodeHandle): void {
    node.id = this.number();
    this.roots.push(node);
  }

  /** A node takes the next number at every link, so one of several parents leaves numbers unused. */
  link(parent: NodeHandle, child: NodeHandle): void {
    child.id = this.number();
    parent.children.push(child);
    child.parents.push(parent);
  }

  /** Puts a node between a root and all its children. It takes a number that no child would have got. */
  insertBelow(root: NodeHandle, inserted: NodeHandle): void {
    inserted.id = this.number();
    inserted.children.push(...root.children);
    for (const child of root.children) {
      child.parents.forEach((parent, i) => {
        if (parent === root) child.parents[i] = inserted;
      });
    }
    root.children.splice(0, root.children.length, inserted);
    inserted.parents.push(root);
  }

  private number(): number {
    if (this.nextId === MOST_NODES) throw new ScriptError('evaluation', `the script has more than ${MOST_NODES} nodes`);
    return this.nextId++;
  }
}

/** A node with all its options: the arguments given, the properties as they are before they are called. */
export function newNode(
  definition: NodeDefinition,
  parentProvides: EdgeType,
  args: Readonly<Record<string, unknown>> = {},
): NodeHandle {
  const { provides } = definition.edge;
  const node = new NodeHandle(definition, definition.name, provides === 'same' ? parentProvides : provides);
  Object.assign(node.options, args);
  for (const [name, property] of Object.entries(definition.properties)) node.options[name] = property.initial;
  return node;
}
