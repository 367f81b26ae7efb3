import { defineAggregate } from './aggregate';
import { numeric } from './column';
import { addNumbers, noTotal } from './total';

export const mean = defineAggregate({
  name: 'mean',
  summary: 'Average the values of a field.',
  kinds: numeric,
  fold: {
    start: noTotal,
    add: addNumbers,
    result: (total, kind) => (kind === 'int' ? Number(total.int) : total.float) / total.count,
  },
  examples: [{ script: "|mean('v')", input: 'm v=3 0\nm v=1 0\nm v=5 0\nm v=1 10', output: 'm mean=3 0' }],
});
