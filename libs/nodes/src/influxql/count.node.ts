import { defineAggregate } from './aggregate';
import { anyKind } from './column';

export const count = defineAggregate({
  name: 'count',
  summary: 'Count the points that have the field.',
  kinds: anyKind,
  ofNothing: 0n,
  fold: {
    start: () => ({ count: 0 }),
    add(state, column) {
      state.count += column.count;
    },
    result: ({ count: total }) => BigInt(total),
  },
  examples: [{ script: "|count('v')", input: 'm v=3 0\nm v=1 0\nm v=4 0\nm v=1 10', output: 'm count=3i 0' }],
});
