import { SECOND, type Time } from '@supercap/data-model';
import { arg, defineNode, property } from '@supercap/pipeline';

interface Previous {
  known: boolean;
  value: number;
  time: Time;
}

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
  state: (): Previous => ({ known: false, value: 0, time: 0n }),
  runtime: {
    kind: 'receiver',
    create({ options, report }) {
      const { field, nonNegative } = options;
      const name = options.as || field;
      const unit = Number(options.unit);
      return {
        beginBatch(_batch, previous) {
          previous.known = false;
        },
        point(point, previous) {
          const given = point.field(field);
          if (typeof given !== 'number' && typeof given !== 'bigint') {
            report('cannot perform derivative', 'field is the wrong type', { field });
            return undefined;
          }
          const value = Number(given);
          const change = value - previous.value;
          const elapsed = Number(point.time - previous.time);
          const { known } = previous;
          previous.known = true;
          previous.value = value;
          previous.time = point.time;
          if (!known) return undefined;
          if (elapsed === 0) {
            report('cannot perform derivative', 'elaspsed time was 0', { field });
            return undefined;
          }
          return nonNegative && change < 0 ? undefined : point.withField(name, change / (elapsed / unit));
        },
      };
    },
  },
  examples: [{ script: `|derivative('v')`, input: 'm v=1 0\nm v=3 1\nm v=9 3', output: 'm v=2 1\nm v=3 3' }],
  since: '1.0.0',
});
