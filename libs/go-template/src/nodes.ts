import type { TemplateValue } from './value';

interface Base {
  /** Index into the source. */
  readonly at: number;
}

export interface FieldNode extends Base {
  readonly type: 'field';
  readonly names: readonly string[];
}
export interface VariableNode extends Base {
  readonly type: 'variable';
  /** With its `$`. */
  readonly name: string;
  /** Where its value is kept; -1 if it is assigned to without having been declared. */
  readonly slot: number;
  readonly fields: readonly string[];
}
export interface ChainNode extends Base {
  readonly type: 'chain';
  readonly node: PipeNode | IdentifierNode;
  readonly fields: readonly string[];
}
export interface IdentifierNode extends Base {
  readonly type: 'identifier';
  readonly name: string;
}
export interface ConstantNode extends Base {
  readonly type: 'number' | 'string' | 'bool';
  readonly source: string;
  readonly value: TemplateValue;
}
export interface DotNode extends Base {
  readonly type: 'dot' | 'nil';
}
export type OperandNode = FieldNode | VariableNode | ChainNode | IdentifierNode | ConstantNode | DotNode | PipeNode;

export interface CommandNode extends Base {
  readonly type: 'command';
  readonly args: readonly OperandNode[];
}
export interface PipeNode extends Base {
  readonly type: 'pipe';
  readonly variables: readonly VariableNode[];
  readonly assigns: boolean;
  readonly commands: readonly CommandNode[];
}

export interface TextNode extends Base {
  readonly type: 'text';
  readonly text: string;
}
export interface ActionNode extends Base {
  readonly type: 'action';
  readonly pipe: PipeNode;
}
export interface BranchNode extends Base {
  readonly type: 'if' | 'with' | 'range';
  readonly pipe: PipeNode;
  readonly list: readonly Node[];
  readonly elseList: readonly Node[];
}
export interface TemplateNode extends Base {
  readonly type: 'template';
  readonly name: string;
  readonly pipe: PipeNode | undefined;
}
export interface JumpNode extends Base {
  readonly type: 'break' | 'continue';
}
export type Node = TextNode | ActionNode | BranchNode | TemplateNode | JumpNode;

/** One template of a set, as it stands in the source. */
export interface Tree {
  readonly nodes: readonly Node[];
  /** How many variables are in use at once, `$` included. */
  readonly slots: number;
}

/** The source of a node as Go writes it in error texts. */
export function sourceOf(node: OperandNode | CommandNode | ActionNode | TemplateNode): string {
  switch (node.type) {
    case 'field':
      return node.names.map((name) => `.${name}`).join('');
    case 'variable':
      return [node.name, ...node.fields].join('.');
    case 'chain':
      return `${parenthesised(node.node)}${node.fields.map((name) => `.${name}`).join('')}`;
    case 'identifier':
      return node.name;
    case 'number':
    case 'string':
    case 'bool':
      return node.source;
    case 'dot':
      return '.';
    case 'nil':
      return 'nil';
    case 'command':
      return node.args.map(parenthesised).join(' ');
    case 'action':
      return `{{${sourceOf(node.pipe)}}}`;
    case 'template': {
      const argument = node.pipe === undefined ? '' : ` ${sourceOf(node.pipe)}`;
      return `{{template ${JSON.stringify(node.name)}${argument}}}`;
    }
    case 'pipe': {
      const variables = node.variables.map(sourceOf).join(', ');
      const declaration = variables === '' ? '' : `${variables} ${node.assigns ? '=' : ':='} `;
      return declaration + node.commands.map(sourceOf).join(' | ');
    }
  }
}

function parenthesised(node: OperandNode): string {
  return node.type === 'pipe' ? `(${sourceOf(node)})` : sourceOf(node);
}
