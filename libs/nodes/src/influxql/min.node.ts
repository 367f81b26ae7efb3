import { numeric } from './column';
import { comparison, indexOfBest } from './best';
import { defineSelector } from './selector';

export const min = defineSelector({
  name: 'min',
  summary: 'Select the point with the smallest value; of several, the earliest.',
  kinds: numeric,
  select: (column) => {
    const compare = comparison(column);
    const { points } = column;
    return indexOfBest(column, (a, b) => {
      const order = compare(a, b);
      return order < 0 || (order === 0 && points[a]!.time < points[b]!.time);
    });
  },
  examples: [{ script: "|min('v')", input: 'm w=1,v=3 0\nm w=2,v=5 0\nm w=3,v=1 10', output: 'm min=3,w=1 0' }],
});
