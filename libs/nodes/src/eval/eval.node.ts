import { defineNode, property, restArg } from '@supercap/pipeline';
import { newEvalShared, newEvalState } from './eval-state';
import { evaluation } from './evaluation';

export const evalNode = defineNode({
  name: 'eval',
  goType: '*pipeline.EvalNode',
  summary: 'Compute fields and tags from expressions.',
  edge: { wants: 'any', provides: 'same' },
  args: { lambdas: restArg('lambda', 'The expressions; each may use the results of those before it.') },
  properties: {
    as: property.list('string', 'The name of each result.'),
    tags: property.list('string', 'Results that become tags instead of fields.'),
    keep: property.method<readonly string[] | undefined>({
      summary: 'Keep these fields beside the results; without names all of them.',
      parameters: [restArg('string', 'Names of fields and results.')],
      initial: undefined,
      apply: (_current, [fields]) => fields as readonly string[],
    }),
  },
  validate({ lambdas, as, tags }) {
    if (as.length !== lambdas.length) {
      return `must specify same number of expressions and .as() names: got ${as.length} as names, and ${lambdas.length} expressions.`;
    }
    const unknown = tags.find((tag) => !as.includes(tag));
    return unknown === undefined ? undefined : `invalid tag name "${unknown}", name is not present is .as() names`;
  },
  uncountedWhenQuiet: true,
  shared: newEvalShared,
  state: newEvalState,
  runtime: { kind: 'receiver', create: evaluation },
  examples: [
    { script: `|eval(lambda: "a" + "b").as('sum').keep('a', 'sum')`, input: 'm a=1,b=2 0', output: 'm a=1,sum=3 0' },
  ],
  since: '1.0.0',
});
