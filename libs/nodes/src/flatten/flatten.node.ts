import { defineNode, optionalArg, property } from '@supercap/pipeline';

export const flatten = defineNode({
  name: 'flatten',
  goType: '*pipeline.FlattenNode',
  summary: 'Merge the points of one time into one point whose fields are named after tags.',
  edge: { wants: 'any', provides: 'same' },
  args: {},
  properties: {
    on: property.list('string', 'Tags whose values go into the names of the fields.'),
    delimiter: property.value('string', 'What stands between the parts of a name.', { default: '.' }),
    tolerance: property.value('duration', 'Times are rounded to multiples of this before they are compared.', {
      default: 0n,
    }),
    dropOriginalFieldName: property.method<boolean>({
      summary: 'Leave the name of the field out of the new name.',
      parameters: [optionalArg('bool', 'Off when FALSE.')],
      initial: false,
      apply: (_current, [drop]) => drop !== false,
      since: '1.3.0',
    }),
  },
  examples: [
    {
      script: `|flatten().on('port')`,
      input: 'm,port=80 rx=1,tx=2 0\nm,port=443 rx=3 0\nm,port=80 rx=4 1',
      output: 'm 443.rx=3,80.rx=1,80.tx=2 0',
    },
  ],
  since: '1.0.0',
});
