import { defineNode, property, restArg } from '@supercap/pipeline';

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
});
