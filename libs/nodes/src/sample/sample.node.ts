import { DurationValue, truncateTime } from '@supercap/data-model';
import { arg, defineNode, DefinitionError, StartError } from '@supercap/pipeline';

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
  state: () => ({ count: 0 }),
  runtime: {
    kind: 'receiver',
    create({ options: { rate } }) {
      const value = rate instanceof DurationValue ? rate.ns : (rate as bigint);
      if (value <= 0n) throw new StartError('invalid sample rate: must be positive integer or duration');
      if (rate instanceof DurationValue) {
        return { point: (point) => (truncateTime(point.time, value) === point.time ? point : undefined) };
      }
      const every = Number(value);
      return {
        beginBatch(_batch, state) {
          state.count = 0;
        },
        point(point, state) {
          const keep = state.count === 0;
          state.count = (state.count + 1) % every;
          return keep ? point : undefined;
        },
      };
    },
  },
  examples: [
    { script: '|sample(2)', input: 'm v=1 0\nm v=2 1\nm v=3 2', output: 'm v=1 0\nm v=3 2' },
    { script: '|sample(10s)', input: 'm v=1 10\nm v=2 15\nm v=3 20', output: 'm v=1 10\nm v=3 20' },
  ],
  since: '1.0.0',
});
