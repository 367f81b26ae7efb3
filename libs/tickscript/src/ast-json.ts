import { formatDuration, jsonFloat, jsonString } from '@supercap/data-model';
import type { Expression } from './ast';
import type { Node } from './tree';

/** The syntax tree as JSON text, as pipeline JSON holds it. Names of functions are not part of it. */
export function toAstJson(root: Node): string {
  if (root.kind !== 'binary' && root.kind !== 'chain') return nodeJson(root);
  // Rows of operators lean to the left, as long as the script: a loop, not a recursion.
  let head = '';
  const tails: string[] = [];
  let left: Expression = root;
  for (; left.kind === 'binary' || left.kind === 'chain'; left = left.left) {
    head += `{"typeOf":"${left.kind}","operator":${jsonString(left.operator)},"left":`;
    tails.push(`,"right":${toAstJson(left.right)}}`);
  }
  return head + nodeJson(left) + tails.reverse().join('');
}

function all(nodes: readonly Node[]): string {
  return `[${nodes.map(toAstJson).join(',')}]`;
}

function nodeJson(node: Node): string {
  switch (node.kind) {
    case 'program':
      return `{"typeOf":"program","nodes":${all(node.statements)}}`;
    case 'declaration':
      return `{"typeOf":"declaration","left":${toAstJson(node.name)},"right":${toAstJson(node.value)}}`;
    case 'typeDeclaration':
      return `{"typeOf":"typeDeclaration","node":${toAstJson(node.name)},"type":${toAstJson(node.type)}}`;
    case 'dbrp':
      return `{"typeOf":"dbrp","db":${toAstJson(node.db)},"rp":${toAstJson(node.rp)}}`;
    case 'number': {
      const { value, base = 10 } = node;
      const [int, float] = typeof value === 'bigint' ? [value, 0] : [0n, value];
      const isInt = typeof value === 'bigint';
      return (
        `{"typeOf":"number","isint":${isInt},"isfloat":${!isInt},"int64":${int},"float64":${jsonFloat(float)},` +
        `"base":${isInt ? base : 0}}`
      );
    }
    case 'duration':
      return `{"typeOf":"duration","duration":"${formatDuration(node.ns)}"}`;
    case 'bool':
      return `{"typeOf":"bool","bool":${node.value}}`;
    case 'string':
      return `{"typeOf":"string","literal":${jsonString(node.value)}}`;
    case 'regex':
      return `{"typeOf":"regex","regex":${jsonString(node.pattern)}}`;
    case 'star':
      return '{"typeOf":"star"}';
    case 'list':
      return `{"typeOf":"list","nodes":${all(node.items)}}`;
    case 'reference':
      return `{"typeOf":"reference","reference":${jsonString(node.name)}}`;
    case 'identifier':
      return `{"typeOf":"identifier","ident":${jsonString(node.name)}}`;
    case 'unary':
      return `{"typeOf":"unary","operator":"${node.operator}","node":${toAstJson(node.operand)}}`;
    case 'call':
      return `{"typeOf":"func","functionType":"${node.type}","args":${all(node.args)}}`;
    case 'lambda':
      return `{"typeOf":"lambda","expression":${toAstJson(node.expression)}}`;
    case 'binary':
    case 'chain':
      return toAstJson(node);
  }
}
