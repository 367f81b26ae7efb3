import { Tags } from '@supercap/data-model';
import type { Execution } from './execution';
import { type FunctionSpec, type FunctionTable, MAX_TEXT } from './functions';
import { methodOf } from './methods';
import {
  type ChainNode,
  type CommandNode,
  type FieldNode,
  type IdentifierNode,
  type OperandNode,
  type PipeNode,
  sourceOf,
  type VariableNode,
} from './nodes';
import { entryOf, isMap, isTrue, type MapValue, StructValue, type TemplateValue, typeName } from './value';

/** An expression, ready to be evaluated. */
export type Evaluate = (execution: Execution, dot: TemplateValue) => TemplateValue;
/** A command. What the command before it gave is its last argument; `final` is only looked at where there is one. */
type Command = (execution: Execution, dot: TemplateValue, final: TemplateValue) => TemplateValue;

type Receiver = FieldNode | VariableNode | ChainNode;

/** Pipelines in the form that executes, against one table of functions. */
export class ExpressionCompiler {
  constructor(private readonly functions: FunctionTable) {}

  pipe(node: PipeNode): Evaluate {
    const commands = node.commands.map((command, i) => this.command(command, i > 0));
    const [first] = commands as [Command];
    const value: Evaluate =
      commands.length === 1
        ? (execution, dot) => first(execution, dot, undefined)
        : (execution, dot) => {
            let result: TemplateValue;
            for (const command of commands) result = command(execution, dot, result);
            return result;
          };
    const [variable] = node.variables;
    // Those of a range are set by its iterations.
    return variable === undefined || node.variables.length > 1 ? value : assigning(node, variable, value);
  }

  private command(node: CommandNode, hasFinal: boolean): Command {
    const [first, ...rest] = node.args as [OperandNode, ...OperandNode[]];
    switch (first.type) {
      case 'identifier':
        return this.functionCall(first, node, rest, hasFinal);
      case 'field':
      case 'chain':
        return this.fields(first, rest, hasFinal);
      case 'variable':
        if (first.fields.length > 0) return this.fields(first, rest, hasFinal);
    }
    const takesArguments = rest.length > 0 || hasFinal;
    const operand = this.operand(first);
    return (execution, dot) => {
      if (first.type !== 'nil' && !takesArguments) return operand(execution, dot);
      execution.at = first;
      if (takesArguments) throw execution.error(`can't give argument to non-function ${sourceOf(first)}`);
      throw execution.error('nil is not a command');
    };
  }

  /** An operand as an argument. */
  private operand(node: OperandNode): Evaluate {
    switch (node.type) {
      case 'dot':
        return (_, dot) => dot;
      case 'nil':
        return () => undefined;
      case 'number':
      case 'string':
      case 'bool': {
        const { value } = node;
        return () => value;
      }
      case 'pipe':
        return this.pipe(node);
      case 'identifier': {
        const call = this.functionCall(node, node, [], false);
        return (execution, dot) => call(execution, dot, undefined);
      }
      case 'variable':
        if (node.fields.length === 0) return ({ variables }) => variables[node.slot];
    }
    const fields = this.fields(node, [], false);
    return (execution, dot) => fields(execution, dot, undefined);
  }

  private functionCall(
    node: IdentifierNode,
    command: CommandNode | IdentifierNode,
    args: readonly OperandNode[],
    hasFinal: boolean,
  ): Command {
    const { name } = node;
    const spec = this.functions.get(name)!;
    const evaluators = args.map((arg) => this.operand(arg));
    const count = args.length + (hasFinal ? 1 : 0);
    if (count < spec.arity || (count > spec.arity && !spec.variadic)) {
      const wanted = `${spec.variadic ? 'at least ' : ''}${spec.arity}`;
      return (execution) => {
        execution.at = node;
        throw execution.error(`wrong number of args for ${name}: want ${wanted} got ${count}`);
      };
    }
    if (spec.stopsAt !== undefined) return deciding(evaluators, spec.stopsAt, hasFinal);
    return (execution, dot, final) => {
      const values: TemplateValue[] = [];
      for (let i = 0; i < evaluators.length; i++) values.push(evaluators[i]!(execution, dot));
      if (hasFinal) values.push(final);
      if (spec.format && typeof values[0] !== 'string') throw notAString(execution, args[0] ?? node, values[0]);
      return called(execution, command, name, spec, values);
    };
  }

  private fields(node: Receiver, args: readonly OperandNode[], hasFinal: boolean): Command {
    const receiver = this.receiver(node);
    const names = node.type === 'field' ? node.names : node.fields;
    const evaluators = args.map((arg) => this.operand(arg));
    const last = names.length - 1;
    const hasArguments = args.length > 0 || hasFinal;
    return (execution, dot, final) => {
      let value = receiver(execution, dot);
      execution.at = node;
      // Within a map or list of any type a value is known as no more than that.
      let known = true;
      for (let i = 0; i < last; i++) {
        const next = fieldOf(execution, node, value, names[i]!, undefined, known);
        known = !isMap(value) || value instanceof Tags;
        value = next;
      }
      const values = hasArguments ? evaluators.map((evaluate) => evaluate(execution, dot)) : undefined;
      if (hasFinal) values!.push(final);
      execution.at = node;
      return fieldOf(execution, node, value, names[last]!, values, known);
    };
  }

  private receiver(node: Receiver): Evaluate {
    switch (node.type) {
      case 'field':
        return (_, dot) => dot;
      case 'variable':
        return ({ variables }) => variables[node.slot];
      case 'chain':
        return this.operand(node.node);
    }
  }
}

function assigning(node: PipeNode, { name, slot }: VariableNode, value: Evaluate): Evaluate {
  return (execution, dot) => {
    const result = value(execution, dot);
    if (slot === -1) {
      execution.at = node;
      throw execution.error(`undefined variable: ${name}`);
    }
    execution.variables[slot] = result;
    return result;
  };
}

function deciding(evaluators: readonly Evaluate[], stopsAt: boolean, hasFinal: boolean): Command {
  return (execution, dot, final) => {
    let value: TemplateValue;
    for (const evaluate of evaluators) {
      value = evaluate(execution, dot);
      if (isTrue(value) === stopsAt) return value;
    }
    return hasFinal ? final : value;
  };
}

function called(
  execution: Execution,
  node: CommandNode | IdentifierNode | Receiver,
  name: string,
  { call }: Pick<FunctionSpec, 'call'>,
  values: readonly TemplateValue[],
): TemplateValue {
  try {
    const result = call(values);
    if (typeof result !== 'string' || result.length <= MAX_TEXT) return result;
  } catch (error) {
    throw execution.errorOf(node, name, error);
  }
  execution.at = node;
  throw execution.error(`error calling ${name}: text is longer than ${MAX_TEXT} characters`);
}

function notAString(execution: Execution, node: OperandNode, value: TemplateValue): Error {
  execution.at = node;
  if (node.type === 'number' || node.type === 'bool') {
    return execution.error(`expected string; found ${sourceOf(node)}`);
  }
  if (value == null) return execution.error('invalid value; expected string');
  return execution.error(`wrong type for value; expected string; got ${typeName(value)}`);
}

/** A field, a method's result or an entry of a map. What has no value has no fields with one either. */
function fieldOf(
  execution: Execution,
  node: Receiver,
  value: TemplateValue,
  name: string,
  args: readonly TemplateValue[] | undefined,
  known: boolean,
): TemplateValue {
  if (value === undefined) return undefined;
  if (value === null) throw execution.error(`nil pointer evaluating interface {}.${name}`);
  const method = methodOf(value, name);
  if (method !== undefined) {
    const given = args ?? [];
    if (given.length !== method.arity) {
      throw execution.error(`wrong number of args for ${name}: want ${method.arity} got ${given.length}`);
    }
    return called(execution, node, name, method, given);
  }
  if (value instanceof StructValue) {
    if (value.has(name)) {
      if (args === undefined) return value.field(name);
      throw execution.error(`${name} has arguments but cannot be invoked as function`);
    }
  } else if (isMap(value)) return mapEntry(execution, value, name, args);
  const type = known ? typeName(value) : 'interface {}';
  throw execution.error(`can't evaluate field ${name} in type ${type}`);
}

function mapEntry(
  execution: Execution,
  map: MapValue,
  name: string,
  args: readonly TemplateValue[] | undefined,
): TemplateValue {
  if (args !== undefined) throw execution.error(`${name} is not a method but has arguments`);
  return entryOf(map, name);
}
