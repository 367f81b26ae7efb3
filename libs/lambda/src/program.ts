import type { BinaryOperator, Expression, UnaryOperator } from '@supercap/tickscript';
import type { FunctionDefinition } from './functions/definition';
import type { Operand, ValueType } from './value';

// An expression as it is compiled: names are numbers, left-nested operators are flat.

export interface ConstantNode {
  readonly kind: 'constant';
  readonly type: ValueType;
  readonly value: Operand;
}
export interface ReferenceNode {
  readonly kind: 'reference';
  readonly name: string;
  /** Its number among the references of the lambda. */
  readonly index: number;
}
export interface UnaryNode {
  readonly kind: 'unary';
  readonly operator: UnaryOperator;
  readonly operand: ProgramNode;
}
export interface ChainStep {
  readonly operator: BinaryOperator;
  readonly right: ProgramNode;
}
/** `((first op right) op right) …`: a chain of thousands of operators nests no deeper than one. */
export interface ChainNode {
  readonly kind: 'chain';
  readonly first: ProgramNode;
  readonly steps: readonly ChainStep[];
}
export interface CallNode {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly ProgramNode[];
  /** The arguments as written, for error texts. */
  readonly sources: readonly Expression[];
  /** Undefined if there is no such function: that is an error when it is called. */
  readonly definition: FunctionDefinition | undefined;
}
/** A lambda var used by name inside a lambda: it has a state of its own. */
export interface NestedNode {
  readonly kind: 'nested';
  /** Which of the shared states is its own. */
  readonly state: number;
  readonly body: ProgramNode;
}
export type ProgramNode = ConstantNode | ReferenceNode | UnaryNode | ChainNode | CallNode | NestedNode;

export interface Program {
  readonly root: ProgramNode;
  /** In the order in which they first occur. */
  readonly references: readonly string[];
  readonly nestedCount: number;
  /** Calls functions that keep state. */
  readonly stateful: boolean;
  /** Calls functions whose result differs from call to call. */
  readonly volatile: boolean;
}
