import { arg, defineNode, StartError } from '@supercap/pipeline';
import { numeric } from './column';
import { type FunctionOptions, functionProperties, goType } from './function-properties';
import { transformRuntime, transformState } from './transform';

interface MovingAverageOptions extends FunctionOptions {
  readonly window: bigint;
}

/** The latest values, as a ring that starts over at `at` once it is full. */
interface Memory {
  readonly values: (number | bigint)[];
  at: number;
  float: number;
  int: bigint;
}

/** A wider window is a mistake: every group would hold that many values. */
const widest = 1_000_000n;

export const movingAverage = defineNode({
  name: 'movingAverage',
  goType,
  summary: 'The average of the latest values of a field.',
  edge: { wants: 'any', provides: 'same' },
  args: {
    field: arg('string', 'The field.'),
    window: arg('int', 'How many values to average. Nothing comes out before there are as many.'),
  },
  properties: functionProperties('movingAverage'),
  examples: [
    {
      script: "|movingAverage('v', 2)",
      input: 'm v=1 0\nm v=4 10\nm v=2 20',
      output: 'm movingAverage=2.5 10\nm movingAverage=3 20',
    },
  ],
  state: () => transformState<Memory>(),
  runtime: transformRuntime({
    name: 'movingAverage',
    kinds: numeric,
    start: (): Memory => ({ values: [], at: 0, float: 0, int: 0n }),
    step({ window }: MovingAverageOptions) {
      if (window < 1n || window > widest) {
        throw new StartError(`invalid movingAverage window: must be between 1 and ${widest}, got ${window}`);
      }
      const size = Number(window);
      return (memory, value) => {
        if (typeof value !== 'number' && typeof value !== 'bigint') return undefined;
        const { values, at } = memory;
        const replaced = values.length === size ? values[at] : undefined;
        values[at] = value;
        memory.at = (at + 1) % size;
        if (typeof value === 'bigint') {
          memory.int = BigInt.asIntN(64, memory.int - BigInt(replaced ?? 0) + value);
        } else {
          memory.float += value - Number(replaced ?? 0);
        }
        if (values.length < size) return undefined;
        return (typeof value === 'bigint' ? Number(memory.int) : memory.float) / size;
      };
    },
  }),
});
