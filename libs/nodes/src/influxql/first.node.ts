import { anyKind } from './column';
import { comparison, indexOfBest } from './best';
import { defineSelector } from './selector';

export const first = defineSelector({
  name: 'first',
  summary: 'Select the point with the earliest time; of several, the one with the greatest value.',
  kinds: anyKind,
  select: (column) => {
    const compare = comparison(column);
    const { points } = column;
    return indexOfBest(column, (a, b) => {
      const earlier = points[a]!.time - points[b]!.time;
      return earlier < 0n || (earlier === 0n && compare(a, b) > 0);
    });
  },
  examples: [{ script: "|first('v')", input: 'm w=1,v=3 0\nm w=2,v=5 0\nm w=3,v=1 10', output: 'm first=5,w=2 0' }],
});
