import { arg, defineNode, property } from '@supercap/pipeline';
import { SECOND } from '@supercap/data-model';

export const derivative = defineNode({
  name: 'derivative',
  goType: '*pipeline.DerivativeNode',
  summary: 'Compute the rate of change of a field per unit of time.',
  edge: { wants: 'any', provides: 'same' },
  args: { field: arg('string', 'The field.') },
  properties: {
    as: property.value('string', 'Name of the result; that of the field unless given.'),
    unit: property.value('duration', 'Unit of time of the result.', { default: SECOND }),
    nonNegative: property.flag('Drop negative results, for counters that start again.'),
  },
  examples: [{ script: `|derivative('v')`, input: 'm v=1 0\nm v=3 1\nm v=9 3', output: 'm v=2 1\nm v=3 3' }],
  since: '1.0.0',
});
