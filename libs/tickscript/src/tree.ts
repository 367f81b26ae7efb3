import type { Expression, Identifier, ListLiteral, Program, Statement } from './ast';

export type Node = Program | Statement;

function children(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'program':
      return node.statements;
    case 'declaration':
      return [node.name, node.value];
    case 'typeDeclaration':
      return [node.name, node.type];
    case 'dbrp':
      return [node.db, node.rp];
    case 'chain':
    case 'binary':
      return [node.left, node.right];
    case 'call':
      return node.args;
    case 'unary':
      return [node.operand];
    case 'lambda':
      return [node.expression];
    case 'list':
      return node.items;
    default:
      return [];
  }
}

/** Visits every node in the order of the text, parents first. A visitor that returns false skips what is below. */
export function walk(root: Node, visit: (node: Node) => boolean | void): void {
  const open: Node[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (visit(node) === false) continue;
    const below = children(node);
    for (let i = below.length - 1; i >= 0; i--) open.push(below[i]!);
  }
}

/**
 * The expression with its identifiers replaced. Names of functions, methods and properties are no identifiers in this
 * sense. In a list only strings, identifiers and stars can stand; another replacement leaves the item as it is.
 * Where nothing changes, the node itself is given back.
 */
export function mapExpression(expression: Expression, replace: (identifier: Identifier) => Expression): Expression {
  // Down the left side in a loop: rows of operators and chains are as long as the script.
  const spine: Expression[] = [];
  let left = expression;
  while (left.kind === 'binary' || left.kind === 'chain') {
    spine.push(left);
    left = left.left;
  }
  let mapped = mapOperand(left, replace);
  for (const node of spine.reverse()) {
    if (node.kind === 'binary') {
      const right = mapExpression(node.right, replace);
      mapped = mapped === node.left && right === node.right ? node : { ...node, left: mapped, right };
    } else if (node.kind === 'chain') {
      const right = node.right.kind === 'call' ? mapCall(node.right, replace) : node.right;
      mapped = mapped === node.left && right === node.right ? node : { ...node, left: mapped, right };
    }
  }
  return mapped;
}

function mapOperand(node: Expression, replace: (identifier: Identifier) => Expression): Expression {
  switch (node.kind) {
    case 'identifier':
      return replace(node);
    case 'unary': {
      const operand = mapExpression(node.operand, replace);
      return operand === node.operand ? node : { ...node, operand };
    }
    case 'lambda': {
      const inner = mapExpression(node.expression, replace);
      return inner === node.expression ? node : { ...node, expression: inner };
    }
    case 'call':
      return mapCall(node, replace);
    case 'list': {
      const items = mapAll(node.items, (item) => mapItem(item, replace));
      return items === node.items ? node : { ...node, items };
    }
    default:
      return node;
  }
}

function mapCall<T extends { readonly args: readonly Expression[] }>(
  call: T,
  replace: (identifier: Identifier) => Expression,
): T {
  const args = mapAll(call.args, (argument) => mapExpression(argument, replace));
  return args === call.args ? call : { ...call, args };
}

type Item = ListLiteral['items'][number];

function mapItem(item: Item, replace: (identifier: Identifier) => Expression): Item {
  if (item.kind !== 'identifier') return item;
  const mapped = replace(item);
  return mapped.kind === 'string' || mapped.kind === 'identifier' || mapped.kind === 'star' ? mapped : item;
}

function mapAll<T>(items: readonly T[], map: (item: T) => T): readonly T[] {
  let changed = false;
  const mapped = items.map((item) => {
    const result = map(item);
    changed ||= result !== item;
    return result;
  });
  return changed ? mapped : items;
}
