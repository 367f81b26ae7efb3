import { arg, defineNode, property } from '@supercap/pipeline';

export const stats = defineNode({
  name: 'stats',
  goType: '*pipeline.StatsNode',
  summary: 'Emit, at every interval of wall-clock time, how many points a node has sent in each of its groups.',
  edge: { wants: 'any', provides: 'stream' },
  args: {
    interval: arg('duration', 'How often to emit.'),
  },
  properties: {
    align: property.flag('Emit at multiples of the interval, with times rounded to it.'),
  },
});
