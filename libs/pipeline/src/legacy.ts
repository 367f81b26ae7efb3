import type { Binary, Lambda, Position } from '@supercap/tickscript';
import { upperFirst } from './catalog';
import { CallFault } from './errors';
import type { NodeHandle } from './node-handle';
import { AggregateCall, isLambda, type Value } from './values';

// What is particular to scripts of 2016, beside the dot that does everything.

/** The functions of `influxql`; each was a `map` and a `reduce` node. */
export const legacyAggregations: ReadonlySet<string> = new Set([
  'bottom',
  'count',
  'distinct',
  'first',
  'last',
  'max',
  'mean',
  'median',
  'min',
  'percentile',
  'spread',
  'stddev',
  'sum',
  'top',
]);

/** `.where(…)` on a where node is no new node: it narrows that one. Tells whether it was such a call. */
export function andInto(node: NodeHandle, name: string, arg: Value, position: Position): boolean {
  if (node.nodeKind !== 'where' || upperFirst(name) !== 'Where') return false;
  const option = Object.keys(node.definition.args)[0];
  if (option === undefined || !isLambda(arg)) return false;
  node.options[option] = conjunction(node.options[option] as Lambda, arg, position);
  return true;
}

function conjunction(left: Lambda, right: Lambda, position: Position): Lambda {
  const side = ({ expression }: Lambda) =>
    expression.kind === 'binary' ? { ...expression, parenthesised: true } : expression;
  const expression: Binary = {
    kind: 'binary',
    operator: 'AND',
    left: side(left),
    right: side(right),
    parenthesised: false,
    multiLine: false,
    position,
  };
  return { kind: 'lambda', expression, position };
}

/** `mapReduce(influxql.f(…))` is `|f(…)`. */
export function callAggregate<T>(args: readonly Value[], run: (call: AggregateCall) => T): T {
  const [call, ...rest] = args;
  if (!(call instanceof AggregateCall) || rest.length > 0) {
    throw new CallFault("expects one function of influxql, e.g. influxql.mean('value')");
  }
  if (!legacyAggregations.has(call.name)) throw new CallFault(`no function "${call.name}" in influxql`);
  return run(call);
}
