import type { Time } from '@supercap/data-model';
import { arg, defineNode } from '@supercap/pipeline';
import { numeric } from './column';
import { functionProperties, goType } from './function-properties';
import { transformRuntime, transformState } from './transform';

interface Memory {
  value: number | bigint | undefined;
  time: Time;
}

export const difference = defineNode({
  name: 'difference',
  goType,
  summary: 'The difference of a field to the point before; of points of one time only the first counts.',
  edge: { wants: 'any', provides: 'same' },
  args: { field: arg('string', 'The field.') },
  properties: functionProperties('difference'),
  examples: [
    {
      script: "|difference('v')",
      input: 'm v=1 0\nm v=4 10\nm v=2 20',
      output: 'm difference=3 10\nm difference=-2 20',
    },
  ],
  state: () => transformState<Memory>(),
  runtime: transformRuntime({
    name: 'difference',
    kinds: numeric,
    start: (): Memory => ({ value: undefined, time: 0n }),
    step: () => (memory, value, time) => {
      const before = memory.value;
      if (before !== undefined && memory.time === time) return undefined;
      memory.time = time;
      if (typeof value === 'bigint') {
        memory.value = value;
        return typeof before === 'bigint' ? BigInt.asIntN(64, value - before) : undefined;
      }
      if (typeof value !== 'number') return undefined;
      memory.value = value;
      return typeof before === 'number' ? value - before : undefined;
    },
  }),
});
