import { arg, defineNode, type NodeDefinition, type NodeExample, restArg } from '@supercap/pipeline';
import { comparison, sortedIndices } from './best';
import { type Column, numeric } from './column';
import { type FunctionOptions, functionProperties, goType } from './function-properties';
import { multiRuntime, multiState, rowAt } from './multi';

interface ExtremesOptions extends FunctionOptions {
  readonly count: bigint;
  readonly fieldsAndTags: readonly string[];
}

/** The best points, best first: of equal values the earlier one, and only one of each combination of the extra names. */
function bestOf(column: Column, sign: 1 | -1, { count, fieldsAndTags }: ExtremesOptions): number[] {
  const compare = comparison(column);
  const { points } = column;
  const sorted = sortedIndices(column, (a, b) => {
    const order = sign * compare(a, b);
    if (order !== 0) return order;
    return points[a]!.time < points[b]!.time ? -1 : points[a]!.time > points[b]!.time ? 1 : 0;
  });
  const wanted = count < BigInt(sorted.length) ? Math.max(Number(count), 0) : sorted.length;
  if (fieldsAndTags.length === 0) return sorted.slice(0, wanted);
  const seen = new Set<string>();
  const best: number[] = [];
  for (const index of sorted) {
    if (best.length === wanted) break;
    const point = points[index]!;
    const key = JSON.stringify(
      fieldsAndTags.map((name) => {
        const value = point.field(name) ?? point.tags.get(name) ?? null;
        return [typeof value, String(value)];
      }),
    );
    if (seen.has(key)) continue;
    seen.add(key);
    best.push(index);
  }
  return best;
}

interface ExtremesDefinition {
  readonly name: string;
  readonly summary: string;
  /** 1 when the smallest values are wanted, -1 when the greatest are. */
  readonly sign: 1 | -1;
  readonly examples: readonly NodeExample[];
}

export function defineExtremes({ name, summary, sign, examples }: ExtremesDefinition): NodeDefinition {
  return defineNode({
    name,
    goType,
    summary,
    edge: { wants: 'any', provides: 'batch' },
    args: {
      count: arg('int', 'How many points.'),
      field: arg('string', 'The field to compare.'),
      fieldsAndTags: restArg(
        'string',
        'Of points with the same values of these fields and tags only the best one counts.',
      ),
    },
    properties: functionProperties(name),
    examples,
    state: multiState,
    runtime: multiRuntime({
      name,
      kinds: numeric,
      rows: (options: ExtremesOptions) => (column) => {
        const { points } = column;
        return bestOf(column, sign, options)
          .sort((a, b) => (points[a]!.time < points[b]!.time ? -1 : points[a]!.time > points[b]!.time ? 1 : 0))
          .map((index) => ({ ...rowAt(column, index), tags: points[index]!.tags }));
      },
      needed: (options) => (column) => bestOf(column, sign, options),
    }),
  });
}
