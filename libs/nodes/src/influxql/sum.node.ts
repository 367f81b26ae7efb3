import { defineAggregate } from './aggregate';
import { numeric } from './column';
import { addNumbers, noTotal } from './total';

export const sum = defineAggregate({
  name: 'sum',
  summary: 'Add up the values of a field.',
  kinds: numeric,
  ofNothing: 0,
  fold: {
    start: noTotal,
    add: addNumbers,
    result: (total, kind) => (kind === 'int' ? total.int : total.float),
  },
  examples: [{ script: "|sum('v')", input: 'm v=3 0\nm v=1 0\nm v=4 0\nm v=1 10', output: 'm sum=8 0' }],
});
