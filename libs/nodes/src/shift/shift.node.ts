import { Batch } from '@supercap/data-model';
import { arg, defineNode, StartError } from '@supercap/pipeline';

export const shift = defineNode({
  name: 'shift',
  goType: '*pipeline.ShiftNode',
  summary: 'Move points and batches in time.',
  edge: { wants: 'any', provides: 'same' },
  args: { shift: arg('duration', 'How far to move; negative moves into the past.') },
  properties: {},
  runtime: {
    kind: 'receiver',
    create({ options: { shift: distance } }) {
      if (distance === 0n) throw new StartError('invalid shift value: must be non zero duration');
      return {
        point: (point) => point.withTime(point.time + distance),
        batch: ({ name, group, time, points }) =>
          new Batch(
            name,
            group,
            time + distance,
            points.map((point) => point.withTime(point.time + distance)),
          ),
      };
    },
  },
  examples: [{ script: '|shift(5m)', input: 'm v=1 0\nm v=2 1', output: 'm v=1 300\nm v=2 301' }],
  since: '1.0.0',
});
