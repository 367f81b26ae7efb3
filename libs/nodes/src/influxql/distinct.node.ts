import { arg, defineNode } from '@supercap/pipeline';
import { comparison } from './best';
import { anyKind, type Column, valueAt } from './column';
import { functionProperties, goType } from './function-properties';
import { multiRuntime, multiState, rowAt } from './multi';

/** The first position of each value, by time and then by value. */
function firstOfEach(column: Column): number[] {
  const seen = new Set<number | bigint | string | boolean>();
  const indices: number[] = [];
  for (let i = 0; i < column.count; i++) {
    const value = valueAt(column, i);
    if (seen.has(value)) continue;
    seen.add(value);
    indices.push(i);
  }
  const compare = comparison(column);
  const { points } = column;
  return indices.sort((a, b) => {
    const later = points[a]!.time - points[b]!.time;
    return later === 0n ? compare(a, b) : later < 0n ? -1 : 1;
  });
}

export const distinct = defineNode({
  name: 'distinct',
  goType,
  summary: 'All different values of a field, as a batch.',
  edge: { wants: 'any', provides: 'batch' },
  args: { field: arg('string', 'The field.') },
  properties: functionProperties('distinct'),
  examples: [
    {
      script: "|distinct('v')|trickle()",
      input: 'm v=4 0\nm v=1 0\nm v=4 0\nm v=9 10',
      output: 'm distinct=1 0\nm distinct=4 0',
    },
  ],
  state: multiState,
  runtime: multiRuntime({
    name: 'distinct',
    kinds: anyKind,
    rows: () => (column) => firstOfEach(column).map((index) => rowAt(column, index)),
    needed: () => firstOfEach,
  }),
});
