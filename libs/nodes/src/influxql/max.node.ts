import { numeric } from './column';
import { comparison, indexOfBest } from './best';
import { defineSelector } from './selector';

export const max = defineSelector({
  name: 'max',
  summary: 'Select the point with the greatest value; of several, the earliest.',
  kinds: numeric,
  select: (column) => {
    const compare = comparison(column);
    const { points } = column;
    return indexOfBest(column, (a, b) => {
      const order = compare(a, b);
      return order > 0 || (order === 0 && points[a]!.time < points[b]!.time);
    });
  },
  examples: [{ script: "|max('v')", input: 'm w=1,v=3 0\nm w=2,v=5 0\nm w=3,v=1 10', output: 'm max=5,w=2 0' }],
});
