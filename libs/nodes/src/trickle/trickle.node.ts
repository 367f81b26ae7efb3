import { Point } from '@supercap/data-model';
import { defineNode } from '@supercap/pipeline';

// Only what can send batches offers it: on a stream the word is unknown, as it was to scripts before it existed.
const BATCH_CAPABLE = [
  'alert',
  'barrier',
  'bottom',
  'changeDetect',
  'cumulativeSum',
  'default',
  'delete',
  'derivative',
  'difference',
  'distinct',
  'elapsed',
  'eval',
  'flatten',
  'groupBy',
  'holtWinters',
  'holtWintersWithFit',
  'httpOut',
  'httpPost',
  'join',
  'log',
  'movingAverage',
  'query',
  'queryFlux',
  'sample',
  'shift',
  'sideload',
  'stateCount',
  'stateDuration',
  'top',
  'union',
  'where',
  'window',
];

export const trickle = defineNode({
  name: 'trickle',
  goType: '*pipeline.TrickleNode',
  summary: 'Turn batches back into a stream of their points.',
  edge: { wants: 'batch', provides: 'stream', mismatch: 'cannot Trickle stream edge' },
  chainsFrom: BATCH_CAPABLE,
  args: {},
  properties: {},
  runtime: {
    kind: 'receiver',
    create: ({ out }) => ({
      batch({ name, group, points }) {
        for (const { db, rp, tags, layout, values, time } of points) {
          out.sendFirst(new Point(name, db, rp, group, tags, layout, values, time));
        }
        return undefined;
      },
      barrier: (barrier) => void out.sendFirst(barrier),
      deleteGroup: (message) => void out.sendFirst(message),
    }),
  },
  examples: [
    {
      script: '|window().period(2s).every(2s)|trickle()',
      input: 'm v=1 0\nm v=2 1\nm v=3 2',
      output: 'm v=1 0\nm v=2 1',
    },
  ],
  since: '1.6.0',
});
