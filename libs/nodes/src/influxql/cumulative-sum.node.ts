import { arg, defineNode } from '@supercap/pipeline';
import { numeric } from './column';
import { functionProperties, goType } from './function-properties';
import { transformRuntime, transformState } from './transform';

interface Memory {
  float: number;
  int: bigint;
}

export const cumulativeSum = defineNode({
  name: 'cumulativeSum',
  goType,
  summary: 'The running sum of a field.',
  edge: { wants: 'any', provides: 'same' },
  args: { field: arg('string', 'The field.') },
  properties: functionProperties('cumulativeSum'),
  examples: [
    {
      script: "|cumulativeSum('v')",
      input: 'm v=1 0\nm v=4 10\nm v=2 20',
      output: 'm cumulativeSum=1 0\nm cumulativeSum=5 10\nm cumulativeSum=7 20',
    },
  ],
  state: () => transformState<Memory>(),
  runtime: transformRuntime({
    name: 'cumulativeSum',
    kinds: numeric,
    start: (): Memory => ({ float: 0, int: 0n }),
    step: () => (memory, value) => {
      if (typeof value === 'bigint') return (memory.int = BigInt.asIntN(64, memory.int + value));
      return typeof value === 'number' ? (memory.float += value) : undefined;
    },
  }),
  since: '1.1.0',
});
