import type { Time } from '@supercap/data-model';
import { arg, defineNode, StartError } from '@supercap/pipeline';
import { anyKind } from './column';
import { type FunctionOptions, functionProperties, goType } from './function-properties';
import { transformRuntime, transformState } from './transform';

interface ElapsedOptions extends FunctionOptions {
  readonly unit: bigint;
}

interface Memory {
  time: Time | undefined;
}

export const elapsed = defineNode({
  name: 'elapsed',
  goType,
  summary: 'The time since the point before, in whole units.',
  edge: { wants: 'any', provides: 'same' },
  args: {
    field: arg('string', 'Only points that have this field count.'),
    unit: arg('duration', 'The unit of the result; what is left of a unit is cut off.'),
  },
  properties: functionProperties('elapsed'),
  examples: [
    {
      script: "|elapsed('v', 1s)",
      input: 'm v=1 0\nm v=1 1\nm v=1 4',
      output: 'm elapsed=1i 1\nm elapsed=3i 4',
    },
  ],
  state: () => transformState<Memory>(),
  runtime: transformRuntime({
    name: 'elapsed',
    kinds: anyKind,
    start: (): Memory => ({ time: undefined }),
    step({ unit }: ElapsedOptions) {
      if (unit === 0n) throw new StartError('invalid elapsed unit: must be non zero duration');
      return (memory, _value, time) => {
        const before = memory.time;
        memory.time = time;
        return before === undefined ? undefined : (time - before) / unit;
      };
    },
  }),
});
