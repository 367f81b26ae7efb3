import { defineNode, property, StartError } from '@supercap/pipeline';
import { countWindow } from './count-window';
import { newWindowState, timeWindow } from './time-window';

export const window = defineNode({
  name: 'window',
  goType: '*pipeline.WindowNode',
  summary: 'Collect the points of a stream into batches, by time or by count.',
  edge: { wants: 'stream', provides: 'batch', mismatch: 'cannot Window batch edge' },
  args: {},
  properties: {
    period: property.value('duration', 'Length of the window.', { default: 0n }),
    every: property.value('duration', 'How often the window is sent on; zero sends it on with every point.', {
      default: 0n,
    }),
    align: property.flag('Send at multiples of `every` instead of counting from the first point.'),
    fillPeriod: property.flag('Send nothing before a whole period has passed.', '1.2.0'),
    periodCount: property.value('int', 'Length of the window in points.', { default: 0n, since: '1.2.0' }),
    everyCount: property.value('int', 'After how many points the window is sent on.', { default: 0n, since: '1.2.0' }),
  },
  validate({ period, periodCount, everyCount, align }) {
    if (period !== 0n && periodCount !== 0n) return 'cannot specify both period and periodCount';
    if (align && periodCount !== 0n) return 'can only align windows based off time, not count';
    if (periodCount !== 0n && everyCount <= 0n) return 'everyCount must be greater than zero';
    return undefined;
  },
  state: newWindowState,
  runtime: {
    kind: 'receiver',
    create({ options, out }) {
      const { period, periodCount, everyCount, fillPeriod } = options;
      if (period === 0n && periodCount === 0n) {
        throw new StartError('window node must have either a non zero period or non zero period count');
      }
      if (periodCount === 0n) return timeWindow(options, out);
      return countWindow({ periodCount: Number(periodCount), everyCount: Number(everyCount), fillPeriod }, out);
    },
  },
  examples: [
    {
      script: `|window().period(10s).every(10s)|count('v')`,
      input: 'm v=1 0\nm v=2 3\nm v=3 10',
      output: 'm count=2i 10',
    },
  ],
  since: '1.0.0',
});
