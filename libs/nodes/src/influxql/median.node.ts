import { defineAggregate } from './aggregate';
import { numeric } from './column';
import { appendValues, compareInts, noValues } from './values';

export const median = defineAggregate({
  name: 'median',
  summary: 'The middle value of a field; the mean of the two middle ones of an even number.',
  kinds: numeric,
  holdsValues: true,
  fold: {
    start: noValues,
    add: appendValues,
    result({ floats, ints, count }, kind) {
      const middle = count >> 1;
      if (kind === 'int') {
        const sorted = ints.slice().sort(compareInts);
        const high = sorted[middle]!;
        if (count % 2 === 1) return Number(high);
        const low = sorted[middle - 1]!;
        return Number(low) + Number(high - low) / 2;
      }
      const sorted = floats.slice(0, count).sort();
      const high = sorted[middle]!;
      if (count % 2 === 1) return high;
      const low = sorted[middle - 1]!;
      return low + (high - low) / 2;
    },
  },
  examples: [
    { script: "|median('v')", input: 'm v=4 0\nm v=1 0\nm v=3 0\nm v=2 0\nm v=9 10', output: 'm median=2.5 0' },
  ],
});
