import { DurationValue } from '@supercap/data-model';
import { arg, defineNode, DefinitionError } from '@supercap/pipeline';

export const sample = defineNode({
  name: 'sample',
  goType: '*pipeline.SampleNode',
  summary: 'Pass on every n-th point, or the points whose time is a multiple of a duration.',
  edge: { wants: 'any', provides: 'same' },
  args: { rate: arg('any', 'A number of points or a duration.') },
  properties: {},
  checkArgs({ rate }) {
    if (typeof rate !== 'bigint' && !(rate instanceof DurationValue)) {
      throw new DefinitionError('must pass int64 or duration to new sample node');
    }
  },
  examples: [
    { script: '|sample(2)', input: 'm v=1 0\nm v=2 1\nm v=3 2', output: 'm v=1 0\nm v=3 2' },
    { script: '|sample(10s)', input: 'm v=1 10\nm v=2 15\nm v=3 20', output: 'm v=1 10\nm v=3 20' },
  ],
  since: '1.0.0',
});
