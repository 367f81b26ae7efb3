import { arg, defineNode, property } from '@supercap/pipeline';
import { compileOrRefuse, failureOf, newExpressionShared, newExpressionState } from '../where/condition';

export const stateCount = defineNode({
  name: 'stateCount',
  prefix: 'state_count',
  goType: '*pipeline.StateCountNode',
  summary: 'Count for how many points in a row a condition has held.',
  edge: { wants: 'any', provides: 'same' },
  args: { lambda: arg('lambda', 'The condition.') },
  properties: { as: property.value('string', 'Name of the resulting field.', { default: 'state_count' }) },
  shared: newExpressionShared,
  state: () => ({ ...newExpressionState(), count: 0n }),
  runtime: {
    kind: 'receiver',
    create(context) {
      const { options, report } = context;
      const { as } = options;
      const condition = compileOrRefuse(options.lambda, 'Failed to compile expression in state count clause');
      context.shared.nested ??= condition.newShared();
      return {
        openGroup(_group, state) {
          state.lambda ??= condition.newState();
        },
        beginBatch(_batch, state) {
          state.count = 0n;
        },
        point(point, state) {
          try {
            if (!condition.predicate(point, state.lambda!, context.shared.nested!)) {
              state.count = 0n;
              return point.withField(as, -1n);
            }
          } catch (thrown) {
            report('error while evaluating expression', failureOf(thrown));
            return undefined;
          }
          state.count++;
          return point.withField(as, state.count);
        },
      };
    },
  },
  examples: [
    {
      script: '|stateCount(lambda: "v" > 1.0)',
      input: 'm v=1 0\nm v=3 1\nm v=3 5',
      output: 'm state_count=-1i,v=1 0\nm state_count=1i,v=3 1\nm state_count=2i,v=3 5',
    },
  ],
  since: '1.3.0',
});
