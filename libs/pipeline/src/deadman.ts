import { formatDurationGo } from '@supercap/data-model';
import type { Expression, Lambda, Position } from '@supercap/tickscript';
import type { Catalog } from './catalog';
import { deadmanCall, OBSERVER } from './catalog';
import type { NodeDefinition } from './definition';
import { CallFault } from './errors';
import { type Graph, newNode } from './graph';
import type { NodeHandle } from './node-handle';

/** The `[deadman]` section of the configuration. */
export interface DeadmanSettings {
  /** Template of the alert's id; NODE_NAME stands for the name of the watched node. */
  readonly id: string;
  /** Template of its message; INTERVAL stands for the interval. */
  readonly message: string;
  /** Given if the source of every task gets a deadman. Nanoseconds. */
  readonly global?: { readonly threshold: number; readonly interval: bigint };
}

export const defaultDeadman: DeadmanSettings = {
  id: "{{ .Group }}:NODE_NAME for task '{{ .TaskName }}'",
  message:
    '{{ .ID }} is {{ if eq .Level "OK" }}alive{{ else }}dead{{ end }}: {{ index .Fields "emitted" | printf "%0.3f" }} points/INTERVAL.',
};

export interface DeadmanCall {
  readonly threshold: number;
  readonly interval: bigint;
  readonly conditions: readonly Lambda[];
}

/** A root that watches a node, which gets a child if it has none so that its output is counted. */
export function observe(
  graph: Graph,
  catalog: Catalog,
  watched: NodeHandle,
  args: Readonly<Record<string, unknown>>,
): NodeHandle {
  const stats = newNode(required(catalog, OBSERVER), 'stream', args);
  stats.watches = watched;
  graph.addRoot(stats);
  if (watched.children.length === 0) {
    graph.link(watched, newNode(required(catalog, 'noop'), watched.provides === 'batch' ? 'batch' : 'stream'));
  }
  return stats;
}

/** `|stats(interval).align()|derivative('emitted').unit(interval).nonNegative()|alert()`; gives the alert node. */
export function expandDeadman(
  graph: Graph,
  catalog: Catalog,
  watched: NodeHandle,
  call: DeadmanCall,
  settings: DeadmanSettings,
  position: Position,
): NodeHandle {
  const add = (kind: string, parent: NodeHandle, options: Record<string, unknown>) => {
    const node = newNode(required(catalog, kind), 'stream', options);
    Object.assign(node.options, options);
    graph.link(parent, node);
    return node;
  };
  const statsArgument = Object.keys(required(catalog, OBSERVER).args)[0] ?? 'interval';
  const stats = observe(graph, catalog, watched, { [statsArgument]: call.interval });
  stats.options['align'] = true;
  const derivativeArgument = Object.keys(required(catalog, 'derivative').args)[0] ?? 'field';
  const derivative = add('derivative', stats, {
    [derivativeArgument]: 'emitted',
    unit: call.interval,
    nonNegative: true,
  });
  return add('alert', derivative, {
    id: settings.id.replace('NODE_NAME', () => watched.name),
    message: settings.message.replace('INTERVAL', () => formatDurationGo(call.interval)),
    crit: criticalWhen(call, position),
  });
}

function criticalWhen({ threshold, conditions }: DeadmanCall, position: Position): Lambda {
  const base = { position, parenthesised: true, multiLine: false } as const;
  const tooFew: Expression = {
    ...base,
    kind: 'binary',
    operator: '<=',
    left: { kind: 'reference', name: 'emitted', position },
    right: { kind: 'number', value: threshold, position },
  };
  const all = conditions.reduce<Expression>(
    (left, { expression }) => ({ ...base, kind: 'binary', operator: 'AND', left, right: parenthesised(expression) }),
    tooFew,
  );
  return { kind: 'lambda', expression: all.kind === 'binary' ? { ...all, parenthesised: false } : all, position };
}

function parenthesised(expression: Expression): Expression {
  return expression.kind === 'binary' ? { ...expression, parenthesised: true } : expression;
}

function required(catalog: Catalog, kind: string): NodeDefinition {
  const definition = catalog.get(kind);
  if (!definition) throw new CallFault(`no node "${kind}" in the catalog, which "${deadmanCall.name}" needs`);
  return definition;
}
