import { arg, defineNode } from '@supercap/pipeline';
import { comparison, sortedIndices } from './best';
import { numeric } from './column';
import { type FunctionOptions, functionProperties, goType } from './function-properties';
import { selectorRuntime, selectorState } from './selector';

interface PercentileOptions extends FunctionOptions {
  readonly percentile: number;
}

export const percentile = defineNode({
  name: 'percentile',
  goType,
  summary: 'Select the point whose value is the given percentile of the values of a field.',
  edge: { wants: 'any', provides: 'stream' },
  args: {
    field: arg('string', 'The field to select by.'),
    percentile: arg('float', 'The percentile, 0.0 to 100.0. Nothing is selected outside of the values.'),
  },
  properties: functionProperties('percentile'),
  examples: [
    {
      script: "|percentile('v', 50.0)",
      input: 'm v=4 0\nm v=1 0\nm v=3 0\nm v=2 0\nm v=9 10',
      output: 'm percentile=2 0',
    },
  ],
  state: selectorState,
  runtime: selectorRuntime({
    name: 'percentile',
    kinds: numeric,
    composable: false,
    select: (options: PercentileOptions) => (column) => {
      const index = Math.floor((column.count * options.percentile) / 100 + 0.5) - 1;
      return sortedIndices(column, comparison(column))[index] ?? -1;
    },
  }),
});
