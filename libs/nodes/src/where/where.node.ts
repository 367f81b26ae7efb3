import { arg, defineNode } from '@supercap/pipeline';

export const where = defineNode({
  name: 'where',
  goType: '*pipeline.WhereNode',
  summary: 'Pass on the points for which a condition holds.',
  edge: { wants: 'any', provides: 'same' },
  args: { lambda: arg('lambda', 'The condition.') },
  properties: {},
  examples: [{ script: '|where(lambda: "v" > 1.0)', input: 'm v=1 0\nm v=2 1\nm w=3 2', output: 'm v=2 1' }],
  since: '1.0.0',
});
