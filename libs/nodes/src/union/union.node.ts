import { defineNode, property, restArg } from '@supercap/pipeline';
import { emptyFifo } from '../join/fifo';
import { unionRuntime, type UnionShared } from './union-runtime';

export const union = defineNode({
  name: 'union',
  goType: '*pipeline.UnionNode',
  summary: 'Merge several parents into one, in the order of time.',
  edge: { wants: 'any', provides: 'same' },
  parents: { option: 'nodes', leftIsLast: true },
  args: {
    nodes: restArg('node', 'The nodes to merge with the one left of the pipe.'),
  },
  properties: {
    rename: property.value('string', 'Measurement of everything that comes out; each keeps its own unless given.', {
      default: '',
    }),
  },
  shared: ({ nodes }): UnionShared => ({
    queues: Array.from({ length: nodes.length + 1 }, () => ({ messages: emptyFifo(), mark: undefined })),
    held: 0,
  }),
  runtime: unionRuntime,
  examples: [
    {
      script: "|union(stream|from().measurement('n'))",
      input: 'm v=1 0\nm v=2 20\nn v=10 10\nn v=20 20',
      output: 'm v=1 0\nn v=10 10\nn v=20 20\nm v=2 20',
    },
  ],
});
