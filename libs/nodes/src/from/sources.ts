import type { Dataflow, PlainSource, SourceFilter, Subscriber } from '@supercap/dataflow';
import { findTagEquality } from '@supercap/lambda';
import type { Pipeline, PipelineNode, ScriptValue } from '@supercap/pipeline';
import type { Lambda } from '@supercap/tickscript';
import { dimensionsOf } from '../group-by/dimensions';

// What a router can know of a task without running it.

/**
 * What every `from` of a task asks for, for the router. One that stands behind another counts, too: where one names the
 * measurement of a point and another names none, the point enters twice, wherever they stand.
 */
export function sourceFilters(pipeline: Pipeline): SourceFilter[] {
  const source = pipeline.nodes.find(({ kind, parents }) => kind === pipeline.type && parents.length === 0);
  const children = new Set(source?.children);
  return pipeline.nodes
    .filter(({ id, kind }) => children.has(id) || kind === 'from')
    .map((node) => ({ ...filterOf(node), ...(!children.has(node.id) && { nested: true }) }));
}

function filterOf({ kind, options }: PipelineNode): SourceFilter {
  // Whatever else hangs on the source sees every point.
  if (kind !== 'from') return {};
  const measurement = options['measurement'] as string;
  const where = options['where'] as Lambda | undefined;
  return { ...(measurement !== '' && { measurement }), ...(where !== undefined && { where }) };
}

/** The ways past its sources that a running dataflow has. They change what it costs, and nothing else. */
export function shortcutsOf(dataflow: Dataflow): Pick<Subscriber, 'feedRow' | 'selected'> {
  return {
    feedRow: dataflow.rowFeeder((node) => (whereOf(node) === undefined ? selectionOf(node) : undefined)),
    selected: dataflow.selectedSource((node) => {
      const where = whereOf(node);
      return where !== undefined && findTagEquality(where.expression)?.whole === true ? selectionOf(node) : undefined;
    }),
  };
}

const whereOf = ({ options }: PipelineNode) => options['where'] as Lambda | undefined;

/** What a `from` does that only selects, a condition left aside, and groups; undefined when it does more. */
function selectionOf({ kind, options }: PipelineNode): PlainSource | undefined {
  const { database, retentionPolicy, measurement, truncate, round, groupBy, groupByMeasurement } = options;
  const isPlain = kind === 'from' && database === '' && retentionPolicy === '' && truncate === 0n && round === 0n;
  if (!isPlain) return undefined;
  const dimensions = dimensionsOf(groupBy as readonly ScriptValue[], groupByMeasurement === true);
  return { measurement: measurement as string, dimensions };
}
