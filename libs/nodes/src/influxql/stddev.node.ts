import { defineAggregate } from './aggregate';
import { numeric } from './column';
import { appendValues, noValues } from './values';

export const stddev = defineAggregate({
  name: 'stddev',
  summary: 'The standard deviation of the values of a field, as a sample; 0 of a single value.',
  kinds: numeric,
  holdsValues: true,
  fold: {
    start: noValues,
    add: appendValues,
    result({ floats, ints, count }, kind) {
      if (count === 1) return 0;
      const values = kind === 'int' ? Float64Array.from(ints, Number) : floats;
      let average = 0;
      for (let i = 0; i < count; i++) average += (values[i]! - average) / (i + 1);
      let squares = 0;
      for (let i = 0; i < count; i++) squares += (values[i]! - average) ** 2;
      return Math.sqrt(squares / (count - 1));
    },
  },
  examples: [{ script: "|stddev('v')", input: 'm v=1 0\nm v=2 0\nm v=3 0\nm v=9 10', output: 'm stddev=1 0' }],
});
