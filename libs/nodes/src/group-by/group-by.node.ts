import { defineNode, property, restArg } from '@supercap/pipeline';
import { groupsByAll, validateDimensions } from './dimensions';

export const groupBy = defineNode({
  name: 'groupBy',
  prefix: 'groupby',
  goType: '*pipeline.GroupByNode',
  summary: 'Group points and batches by tags.',
  edge: { wants: 'any', provides: 'same' },
  args: { dimensions: restArg('any', 'Names of tags, or `*` for all tags.') },
  properties: {
    exclude: property.list('string', 'Tags to leave out when grouping by `*`.', '1.3.0'),
    byMeasurement: property.flag('Group by the measurement, too.'),
  },
  validate({ dimensions, exclude }) {
    const wrong = validateDimensions(dimensions);
    if (wrong !== undefined) return wrong;
    return exclude.length > 0 && !groupsByAll(dimensions) ? "exclude requires '*'" : undefined;
  },
  examples: [
    {
      script: `|groupBy('host')|eval(lambda: count()).as('n')`,
      input: 'm,host=a v=1 0\nm,host=b v=2 1\nm,host=a v=3 2',
      output: 'm,host=a n=1i 0\nm,host=b n=1i 1\nm,host=a n=2i 2',
    },
  ],
  since: '1.0.0',
});
