import { SECOND } from '@supercap/data-model';
import { arg, defineNode, property } from '@supercap/pipeline';

export const stateDuration = defineNode({
  name: 'stateDuration',
  prefix: 'state_duration',
  goType: '*pipeline.StateDurationNode',
  summary: 'Compute for how long a condition has held.',
  edge: { wants: 'any', provides: 'same' },
  args: { lambda: arg('lambda', 'The condition.') },
  properties: {
    as: property.value('string', 'Name of the resulting field.', { default: 'state_duration' }),
    unit: property.value('duration', 'Unit of time of the result.', { default: SECOND }),
  },
  examples: [
    {
      script: '|stateDuration(lambda: "v" > 1.0)',
      input: 'm v=1 0\nm v=3 1\nm v=3 5',
      output: 'm state_duration=-1,v=1 0\nm state_duration=0,v=3 1\nm state_duration=4,v=3 5',
    },
  ],
  since: '1.3.0',
});
