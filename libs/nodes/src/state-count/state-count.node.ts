import { arg, defineNode, property } from '@supercap/pipeline';

export const stateCount = defineNode({
  name: 'stateCount',
  prefix: 'state_count',
  goType: '*pipeline.StateCountNode',
  summary: 'Count for how many points in a row a condition has held.',
  edge: { wants: 'any', provides: 'same' },
  args: { lambda: arg('lambda', 'The condition.') },
  properties: { as: property.value('string', 'Name of the resulting field.', { default: 'state_count' }) },
  examples: [
    {
      script: '|stateCount(lambda: "v" > 1.0)',
      input: 'm v=1 0\nm v=3 1\nm v=3 5',
      output: 'm state_count=-1i,v=1 0\nm state_count=1i,v=3 1\nm state_count=2i,v=3 5',
    },
  ],
  since: '1.3.0',
});
