import { arg, defineNode } from '@supercap/pipeline';
import { compileOrRefuse, failureOf, newExpressionShared, newExpressionState } from './condition';

export const where = defineNode({
  name: 'where',
  goType: '*pipeline.WhereNode',
  summary: 'Pass on the points for which a condition holds.',
  edge: { wants: 'any', provides: 'same' },
  args: { lambda: arg('lambda', 'The condition.') },
  properties: {},
  shared: newExpressionShared,
  state: newExpressionState,
  runtime: {
    kind: 'receiver',
    create(context) {
      const { options, report } = context;
      const condition = compileOrRefuse(options.lambda, 'Failed to compile expression in where clause');
      context.shared.nested ??= condition.newShared();
      return {
        openGroup(_group, state) {
          state.lambda ??= condition.newState();
        },
        point(point, state) {
          try {
            return condition.predicate(point, state.lambda!, context.shared.nested!) ? point : undefined;
          } catch (thrown) {
            report('error while evaluating expression', failureOf(thrown));
            return undefined;
          }
        },
      };
    },
  },
  examples: [{ script: '|where(lambda: "v" > 1.0)', input: 'm v=1 0\nm v=2 1\nm w=3 2', output: 'm v=2 1' }],
  since: '1.0.0',
});
