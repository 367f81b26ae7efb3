import { format, parse, ParseError, type Program } from '@supercap/tickscript';
import type { Catalog } from './catalog';
import { type DeadmanSettings, defaultDeadman, expandDeadman } from './deadman';
import { DeclaredVars } from './declared-vars';
import { DefinitionError, type EdgeType, type NodeDefinition } from './definition';
import { CallFault, ScriptError } from './errors';
import { type Dbrp, Evaluator } from './evaluator';
import { Graph, newNode } from './graph';
import { NodeHandle } from './node-handle';
import type { Pipeline, PipelineNode } from './pipeline';
import { inferTaskType, usesPipes } from './task-type';
import { topologicalOrder } from './topology';
import type { UdfDefinition } from './udf';
import type { Vars } from './vars';

export interface CompileInput {
  readonly script: string;
  /** What the 2016 API was told; the newer dialect reads it from the script. */
  readonly taskType?: EdgeType;
  readonly vars?: Vars;
  /** Typed vars may be without a value. */
  readonly template?: boolean;
  /** `v1` keeps the operators apart; `2016` lets the dot do everything, and takes the newer syntax too. */
  readonly dialect: 'v1' | '2016';
  readonly catalog: Catalog;
  readonly deadman?: DeadmanSettings;
  readonly udfs?: readonly UdfDefinition[];
}

export interface CompiledScript {
  readonly pipeline: Pipeline;
  readonly type: EdgeType;
  /** From `dbrp` statements, in order. */
  readonly dbrps: readonly Dbrp[];
  /** The vars that can be supplied, with the values that the script gives them. */
  readonly vars: Vars;
  readonly program: Program;
  /** The script in its canonical form. */
  readonly formatted: string;
}

/** Throws ScriptError. */
export function compileScript(input: CompileInput): CompiledScript {
  try {
    const program = parseScript(input.script);
    const type = taskTypeOf(program, input);
    const { evaluator, graph, vars } = prepare(input, program, type);
    evaluator.run(program);
    const nodes = finish(input, graph);
    const problem = validateNodes(nodes);
    if (problem !== undefined) throw new ScriptError('validation', problem);
    if (input.dialect === 'v1' && nodes.length <= 1) throw new ScriptError('validation', 'task does nothing');
    return {
      pipeline: { version: 1, type, nodes: nodes.map(toPipelineNode) },
      type,
      dbrps: evaluator.dbrps,
      vars: vars.declared,
      program,
      get formatted() {
        return format(program);
      },
    };
  } catch (error) {
    // Only a script that nests beyond all reason gets here: it is told, and nothing is harmed.
    if (error instanceof RangeError) throw new ScriptError('evaluation', 'the script is nested too deeply');
    throw error;
  }
}

function parseScript(script: string): Program {
  try {
    return parse(script);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new ScriptError('parse', error.message, {
      length: error.length,
      ...(error.position && { position: error.position }),
    });
  }
}

export function taskTypeOf(program: Program, { dialect, taskType }: CompileInput): EdgeType {
  const inferred = inferTaskType(program);
  if (dialect === '2016' && taskType) return taskType;
  if (!inferred) throw new ScriptError('taskType', 'invalid task type: invalid');
  return inferred;
}

interface Prepared {
  readonly evaluator: Evaluator;
  readonly graph: Graph;
  readonly vars: DeclaredVars;
}

export function prepare(
  input: CompileInput,
  program: Program,
  type: EdgeType,
  onError?: (error: ScriptError) => void,
): Prepared {
  const { catalog, dialect } = input;
  const legacy = dialect === '2016';
  const vars = new DeclaredVars(input.vars ?? {}, input.template === true);
  const graph = new Graph();
  const source = newSource(catalog, type, legacy);
  graph.addRoot(source);
  const evaluator = new Evaluator({
    catalog,
    graph,
    source,
    vars,
    legacy,
    syntax: legacy ? 'tick' : 'ast',
    udfs: new Map((input.udfs ?? []).map((udf) => [udf.name, udf])),
    deadman: input.deadman ?? defaultDeadman,
    reassignable: legacy && !usesPipes(program),
    // The values that vars have in a template are none that a lambda could be judged by.
    ...(onError && { onError, checkLambdas: input.template !== true }),
  });
  return { evaluator, graph, vars };
}

function newSource(catalog: Catalog, type: EdgeType, legacy: boolean): NodeHandle {
  const definition = catalog.get(type)!;
  const from = catalog.get('from');
  if (!legacy || type !== 'stream' || !from) return newNode(definition, type);
  // The source of a 2016 script is a from node too; `finish` makes it two where that was used.
  const source = new NodeHandle(from, type, type, definition.name);
  Object.assign(source.options, newNode(from, type).options);
  return source;
}

/** Adds what the configuration adds, and gives the nodes in topological order. */
export function finish({ catalog, deadman = defaultDeadman }: CompileInput, graph: Graph): NodeHandle[] {
  const source = graph.roots[0]!;
  if (deadman.global) {
    const position = { offset: 0, line: 1, char: 1 };
    try {
      expandDeadman(graph, catalog, source, { ...deadman.global, conditions: [] }, deadman, position);
    } catch (error) {
      throw error instanceof CallFault ? new ScriptError('evaluation', error.message) : error;
    }
  }
  splitSource(graph, source);
  return topologicalOrder(graph.roots, (node) => node.children);
}

function splitSource(graph: Graph, source: NodeHandle): void {
  if (source.definition.name === source.nodeKind) return;
  const usedAsFrom =
    source.called.size > 0 || source.children.some((child) => child.nodeKind !== source.definition.name);
  const { definition } = source;
  if (usedAsFrom) {
    const from = new NodeHandle(definition, definition.name, 'stream');
    Object.assign(from.options, source.options);
    from.quiet = source.quiet;
    from.implicit = true;
    graph.insertBelow(source, from);
    for (const root of graph.roots) if (root.watches === source) root.watches = from;
  }
  for (const option of Object.keys(source.options)) delete source.options[option];
}

/** The first problem of a node, in topological order. */
export function validateNodes(nodes: readonly NodeHandle[]): string | undefined {
  for (const node of nodes) {
    if (node.nodeKind !== node.definition.name) continue;
    const problem = validateNode(node);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

export function validateNode(node: NodeHandle): string | undefined {
  try {
    return problemOf(node);
  } catch (error) {
    if (error instanceof DefinitionError) return error.message;
    throw error;
  }
}

function problemOf(node: NodeHandle): string | undefined {
  const problem = node.definition.validate?.(optionsOf(node) as Parameters<NonNullable<NodeDefinition['validate']>>[0]);
  if (problem !== undefined) return problem;
  for (const { definition, options } of node.handlers) {
    const wrong = definition.validate?.(options as Parameters<NonNullable<typeof definition.validate>>[0]);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function optionsOf(node: NodeHandle): Record<string, unknown> {
  if (!node.definition.handlers) return node.options;
  return { ...node.options, handlers: node.handlers.map((handler) => handler.toUse()) };
}

function toPipelineNode(node: NodeHandle): PipelineNode {
  return {
    id: node.id,
    name: node.name,
    kind: node.nodeKind,
    parents: node.parents.map(({ id }) => id),
    children: node.children.map(({ id }) => id),
    provides: node.provides,
    quiet: node.quiet || node.options['quiet'] === true,
    options: optionsOf(node),
    ...(node.watches && { watches: node.watches.id }),
    ...(node.implicit && { implicit: true }),
  };
}
