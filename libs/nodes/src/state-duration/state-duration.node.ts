import { SECOND, type Time } from '@supercap/data-model';
import { arg, defineNode, property } from '@supercap/pipeline';
import { compileOrRefuse, failureOf, newExpressionShared, newExpressionState } from '../where/condition';

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
  shared: newExpressionShared,
  state: () => ({ ...newExpressionState(), since: undefined as Time | undefined }),
  runtime: {
    kind: 'receiver',
    create(context) {
      const { options, report } = context;
      const { as } = options;
      const unit = Number(options.unit);
      const condition = compileOrRefuse(options.lambda, 'Failed to compile expression in state duration clause');
      context.shared.nested ??= condition.newShared();
      return {
        openGroup(_group, state) {
          state.lambda ??= condition.newState();
        },
        beginBatch(_batch, state) {
          state.since = undefined;
        },
        point(point, state) {
          try {
            if (!condition.predicate(point, state.lambda!, context.shared.nested!)) {
              state.since = undefined;
              return point.withField(as, -1);
            }
          } catch (thrown) {
            report('error while evaluating expression', failureOf(thrown));
            return undefined;
          }
          state.since ??= point.time;
          return point.withField(as, Number(point.time - state.since) / unit);
        },
      };
    },
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
