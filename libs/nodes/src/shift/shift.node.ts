import { arg, defineNode } from '@supercap/pipeline';

export const shift = defineNode({
  name: 'shift',
  goType: '*pipeline.ShiftNode',
  summary: 'Move points and batches in time.',
  edge: { wants: 'any', provides: 'same' },
  args: { shift: arg('duration', 'How far to move; negative moves into the past.') },
  properties: {},
  examples: [{ script: '|shift(5m)', input: 'm v=1 0\nm v=2 1', output: 'm v=1 300\nm v=2 301' }],
  since: '1.0.0',
});
