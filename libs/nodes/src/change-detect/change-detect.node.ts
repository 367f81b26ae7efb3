import { defineNode, restArg } from '@supercap/pipeline';

export const changeDetect = defineNode({
  name: 'changeDetect',
  goType: '*pipeline.ChangeDetectNode',
  summary: 'Pass on a point only when one of its fields has changed.',
  edge: { wants: 'any', provides: 'same' },
  args: { fields: restArg('string', 'The fields to watch.') },
  properties: {},
  examples: [{ script: `|changeDetect('v')`, input: 'm v=1 0\nm v=1 1\nm v=2 2', output: 'm v=1 0\nm v=2 2' }],
  since: '1.5.0',
});
