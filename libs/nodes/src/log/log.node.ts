import { defineNode, property } from '@supercap/pipeline';

export const log = defineNode({
  name: 'log',
  goType: '*pipeline.LogNode',
  summary: 'Log every point and batch and pass it on.',
  edge: { wants: 'any', provides: 'same' },
  args: {},
  properties: {
    level: property.value('string', 'DEBUG, INFO or ERROR; anything else is INFO.', { default: 'INFO' }),
    prefix: property.value('string', 'Text that marks the entries.', { default: '' }),
  },
  examples: [{ script: `|log().prefix('here')`, input: 'm v=1 0', output: 'm v=1 0' }],
  since: '1.0.0',
});
