import type { Call, Chain } from '@supercap/tickscript';
import { bindArguments, callProperty, DoubleQuotesFault, inDefinition } from './arguments';
import { type Catalog, deadmanCall, OBSERVER, quietProperty, upperFirst } from './catalog';
import { type DeadmanCall, type DeadmanSettings, expandDeadman, observe } from './deadman';
import type { HandlerDefinition, NodeDefinition, Parameter } from './definition';
import { type Candidate, CallFault, ScriptError } from './errors';
import { type Graph, newNode } from './graph';
import { andInto, callAggregate } from './legacy';
import { findMember, findMethod, type Member, memberNames, type Method, nodeOf } from './members';
import { HandlerHandle, NodeHandle, UdfHandle } from './node-handle';
import type { ScriptValue } from './script-types';
import { type UdfDefinition, udfOption } from './udf';
import {
  AggregateCall,
  Builtin,
  DeferredCall,
  goTypeOfValue,
  isList,
  type SyntaxNames,
  Unknowable,
  type Value,
} from './values';

export interface Invoker {
  readonly catalog: Catalog;
  readonly graph: Graph;
  readonly udfs: ReadonlyMap<string, UdfDefinition>;
  readonly deadman: DeadmanSettings;
  readonly legacy: boolean;
  readonly syntax: SyntaxNames;
}

/** A list that is all that a call was given stands for its items; calls among them are made now. */
export function spread(given: readonly Value[]): readonly Value[] {
  const [first] = given;
  if (given.length !== 1 || first === undefined || !isList(first)) return given;
  return first.map((item: Value) => (item instanceof DeferredCall ? item.run() : item));
}

/** Calls a member of an object and gives what the call evaluates to. Throws ScriptError. */
export function invoke(
  context: Invoker,
  object: Value,
  operator: Chain['operator'],
  call: Call,
  given: readonly Value[],
): Value {
  const args = spread(given);
  const goType = goTypeOfValue(object, context.syntax);
  const fail = (text: string, unknown?: readonly Candidate[]) =>
    new ScriptError('evaluation', text, {
      position: call.position,
      located: true,
      length: Buffer.byteLength(call.name),
      ...(unknown && { unknown: { name: call.name, candidates: unknown } }),
    });
  try {
    return dispatch(context, object, operator, call, args, fail);
  } catch (error) {
    if (error instanceof DoubleQuotesFault) throw fail(error.message);
    if (error instanceof CallFault) throw fail(`error calling func "${call.name}" on obj ${goType}: ${error.message}`);
    throw error;
  }
}

type Fail = (text: string, candidates?: readonly Candidate[]) => ScriptError;

function dispatch(
  context: Invoker,
  object: Value,
  operator: Chain['operator'],
  call: Call,
  args: readonly Value[],
  fail: Fail,
): Value {
  const { catalog, udfs, legacy } = context;
  const { name } = call;
  if (object instanceof Builtin && object.name === 'influxql' && operator === '.') return new AggregateCall(name, args);
  if (object instanceof DeferredCall || object instanceof Builtin || object instanceof AggregateCall) {
    throw new CallFault('reflect: NumField of non-struct type');
  }
  if (!(object instanceof NodeHandle || object instanceof HandlerHandle)) {
    throw fail(`no method or property "${name}" on ${goTypeOfValue(object, context.syntax)}`);
  }
  const node = nodeOf(object);
  const member = findMember(catalog, object, name);
  const method = findMethod(catalog, node, name);
  const udf = udfs.get(name);

  if (operator === '.' && member) return useMember(context, object, member, call, args, fail);
  if (legacy && operator === '.' && args.length === 1 && andInto(node, name, args[0]!, call.position)) return object;
  if (legacy && upperFirst(name) === 'MapReduce' && operator !== '@') {
    if (hasUnknowable(args)) return new Unknowable();
    return callAggregate(args, (aggregate) => {
      const found = findMethod(catalog, node, aggregate.name);
      if (!found) throw new CallFault(`no function "${aggregate.name}" in influxql`);
      return chain(context, node, found, call, aggregate.args);
    });
  }
  if (operator === '|' || (legacy && operator === '.')) {
    if (method) return chain(context, node, method, call, args);
  }
  if (operator === '@' || (legacy && operator === '.')) {
    if (udf) return chainUdf(context, node, udf, args);
  }
  throw fail(...unknownText(context, object, operator, name, { member, method, udf }));
}

interface Found {
  readonly member: Member | undefined;
  readonly method: Method | undefined;
  readonly udf: UdfDefinition | undefined;
}

function unknownText(
  { catalog, udfs }: Invoker,
  object: NodeHandle | HandlerHandle,
  operator: Chain['operator'],
  name: string,
  { member, method, udf }: Found,
): [text: string, candidates: readonly Candidate[]] {
  const wanted = { '.': 'property method', '|': 'chaining method', '@': 'dynamic method' }[operator];
  const hint = (kind: string, right: string): [string, Candidate[]] => [
    `no ${wanted} "${name}" on ${object.goType}, but ${kind} does exist. Use '${right}' operator instead: 'node${right}${name}(..)'.`,
    [],
  ];
  if (member) return hint('property', '.');
  if (method) return hint('chaining method', '|');
  if (udf) return hint('dynamic method', '@');
  // What the same operator leads to comes first.
  const operators = [operator, ...(['.', '|', '@'] as const).filter((other) => other !== operator)];
  const candidates = operators.flatMap((other) =>
    memberNames(catalog, object, other, udfs).map((known) => ({ name: known, written: `${other}${known}()` })),
  );
  return [`no method or property "${name}" on ${object.goType}`, candidates];
}

function useMember(
  context: Invoker,
  object: NodeHandle | HandlerHandle,
  member: Member,
  call: Call,
  args: readonly Value[],
  fail: Fail,
): Value {
  const node = nodeOf(object);
  switch (member.kind) {
    case 'handler': {
      const handler = newHandler(context, node, member.definition, args);
      node.handlers.push(handler);
      return handler;
    }
    case 'udfOption': {
      if (hasUnknowable(args)) return object;
      const udf = node as UdfHandle;
      const plain = args.map((arg) => arg as ScriptValue);
      const goType = (value: ScriptValue) => goTypeOfValue(value as Value, context.syntax);
      udf.uses.push(udfOption(member.name, udf.udf.options[member.name]!, plain, goType));
      return object;
    }
    case 'property': {
      const { holder, key, property } = member;
      if (property.kind === 'value' && args.length !== 1) {
        throw fail(`too many arguments to set property ${upperFirst(key)} on ${object.goType}`);
      }
      if (hasUnknowable(args)) return object;
      const value = callProperty(property, holder.options[key], args, context.syntax);
      if (property === quietProperty) node.quiet = true;
      else holder.options[key] = value;
      node.called.add(call.name);
      return object;
    }
  }
}

function newHandler(
  { syntax }: Invoker,
  node: NodeHandle,
  definition: HandlerDefinition,
  args: readonly Value[],
): HandlerHandle {
  const handler = new HandlerHandle(node, definition);
  Object.assign(handler.options, bindByName(definition.args, args, syntax));
  for (const [name, property] of Object.entries(definition.properties)) handler.options[name] = property.initial;
  return handler;
}

function bindByName(
  parameters: Readonly<Record<string, Parameter>>,
  args: readonly Value[],
  syntax: SyntaxNames,
): Record<string, unknown> {
  const names = Object.keys(parameters);
  if (hasUnknowable(args)) return Object.fromEntries(names.map((name) => [name, undefined]));
  const bound = bindArguments(Object.values(parameters), args, syntax);
  return Object.fromEntries(names.map((name, i) => [name, bound[i]]));
}

function chain(context: Invoker, parent: NodeHandle, method: Method, call: Call, args: readonly Value[]): Value {
  const { catalog, graph, syntax } = context;
  if (method === deadmanCall) {
    if (hasUnknowable(args)) return new Unknowable();
    const [threshold, interval, conditions] = bindArguments(deadmanCall.parameters, args, syntax);
    const bound = { threshold, interval, conditions } as unknown as DeadmanCall;
    const alert = expandDeadman(graph, catalog, parent, bound, context.deadman, call.position);
    alert.madeBy = call;
    return alert;
  }
  const definition = method as NodeDefinition;
  const options = bindByName(definition.args, args, syntax);
  const { wants, mismatch } = definition.edge;
  if (mismatch !== undefined && wants !== 'any' && wants !== parent.provides) throw new CallFault(mismatch);
  if (!hasUnknowable(args)) inDefinition(() => definition.checkArgs?.(options));
  if (definition.name === OBSERVER) return observe(graph, catalog, parent, options);

  const node = newNode(definition, parent.provides === 'batch' ? 'batch' : 'stream', options);
  node.madeBy = call;
  for (const linked of parentsOf(definition, parent, args)) graph.link(linked, node);
  return node;
}

/** Whether an argument is in error itself: what it was for is then not looked at. */
function hasUnknowable(args: readonly Value[]): boolean {
  return args.some((arg) => arg instanceof Unknowable);
}

/** The node left of the pipe and those among the arguments, in the order in which they are numbered. */
function parentsOf(definition: NodeDefinition, left: NodeHandle, args: readonly Value[]): NodeHandle[] {
  if (!definition.parents) return [left];
  const others = args.flatMap((arg) =>
    arg instanceof NodeHandle || arg instanceof HandlerHandle ? [nodeOf(arg)] : [],
  );
  return definition.parents.leftIsLast ? [...others, left] : [left, ...others];
}

function chainUdf({ graph }: Invoker, parent: NodeHandle, udf: UdfDefinition, args: readonly Value[]): NodeHandle {
  if (args.length > 0) throw new CallFault('reflect: Call with too many input arguments');
  const node = new UdfHandle(udf);
  graph.link(parent, node);
  return node;
}
