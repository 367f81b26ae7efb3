import { defineNode, property } from '@supercap/pipeline';
import { barriers } from './barriers';
import { newBarrierState } from './barrier-state';

export const barrier = defineNode({
  name: 'barrier',
  goType: '*pipeline.BarrierNode',
  summary:
    'Say by the clock that no earlier point of a group will follow, so that windows and joins go on without data.',
  edge: { wants: 'any', provides: 'same' },
  args: {},
  properties: {
    idle: property.value('duration', 'Send a barrier when a group has had no point for this long.', { default: 0n }),
    period: property.value('duration', 'Send a barrier to every group this often.', { default: 0n }),
    delete: property.value('bool', 'Forget the group after its barrier.', { default: false, since: '1.5.2' }),
  },
  validate({ idle, period }) {
    if (idle !== 0n && period !== 0n) return 'cannot specify both idle and period';
    if (period === 0n && idle <= 0n) return 'idle must be greater than zero';
    if (idle === 0n && period <= 0n) return 'period must be greater than zero';
    return undefined;
  },
  state: newBarrierState,
  runtime: { kind: 'receiver', create: barriers },
  examples: [{ script: '|barrier().idle(1h)', input: 'm v=1 0\nm v=2 1', output: 'm v=1 0\nm v=2 1' }],
  since: '1.4.0',
});
