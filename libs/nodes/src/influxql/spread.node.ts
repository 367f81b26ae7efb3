import { defineAggregate } from './aggregate';
import { numeric } from './column';

export const spread = defineAggregate({
  name: 'spread',
  summary: 'The difference between the greatest and the smallest value of a field.',
  kinds: numeric,
  fold: {
    start: () => ({
      least: Number.POSITIVE_INFINITY,
      greatest: Number.NEGATIVE_INFINITY,
      leastInt: undefined as bigint | undefined,
      greatestInt: undefined as bigint | undefined,
    }),
    add(state, column) {
      const { count } = column;
      if (column.kind === 'float') {
        const { floats } = column;
        let { least, greatest } = state;
        for (let i = 0; i < count; i++) {
          const value = floats[i]!;
          if (value < least) least = value;
          if (value > greatest) greatest = value;
        }
        state.least = least;
        state.greatest = greatest;
      } else if (column.kind === 'int') {
        for (let i = 0; i < count; i++) {
          const value = column.ints[i]!;
          if (state.leastInt === undefined || value < state.leastInt) state.leastInt = value;
          if (state.greatestInt === undefined || value > state.greatestInt) state.greatestInt = value;
        }
      }
    },
    result({ least, greatest, leastInt, greatestInt }, kind) {
      if (kind !== 'int') return greatest - least;
      return leastInt === undefined || greatestInt === undefined
        ? undefined
        : BigInt.asIntN(64, greatestInt - leastInt);
    },
  },
  examples: [{ script: "|spread('v')", input: 'm v=1 0\nm v=3 0\nm v=7 0\nm v=9 10', output: 'm spread=6 0' }],
});
