import { defineNode, property, restArg } from '@supercap/pipeline';

export const combine = defineNode({
  name: 'combine',
  goType: '*pipeline.CombineNode',
  summary: 'Combine points of one time with each other, each in the role of a condition that it fulfils.',
  edge: { wants: 'any', provides: 'stream' },
  args: { lambdas: restArg('lambda', 'A condition for each role.') },
  properties: {
    as: property.list('string', 'The prefix of the fields and tags of each role.'),
    delimiter: property.value('string', 'What stands between prefix and name.', { default: '.' }),
    tolerance: property.value('duration', 'Times are rounded to multiples of this before they are compared.', {
      default: 0n,
    }),
    max: property.value('int', 'The most combinations of one time; more stop the task.', { default: 1_000_000n }),
  },
  validate({ lambdas, as, delimiter }) {
    if (as.length === 0) return 'a call to combine.as() is required to specify the output stream prefixes.';
    if (as.length !== lambdas.length) {
      return 'number of prefixes specified by combine.as() must match the number of combine expressions';
    }
    const seen = new Set<string>();
    for (const name of as) {
      if (name === '') return 'must provide a prefix name for the combine node, see .as() property method';
      if (name.includes(delimiter)) {
        return `cannot use name ${name} as field prefix, it contains the delimiter character ${delimiter}`;
      }
      if (seen.has(name)) return 'cannot use the same prefix name see .as() property method';
      seen.add(name);
    }
    return undefined;
  },
  examples: [
    {
      script: `|combine(lambda: "role" == 'web', lambda: "role" == 'db').as('web', 'db')`,
      input: 'm,role=web v=1 0\nm,role=db v=2 0\nm,role=web v=3 1',
      output: 'm,db.role=db,web.role=web db.v=2,web.v=1 0',
    },
  ],
  since: '1.0.0',
});
