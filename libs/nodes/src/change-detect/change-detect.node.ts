import { DurationValue, type FieldValue, TimeValue } from '@supercap/data-model';
import { defineNode, restArg } from '@supercap/pipeline';

type Seen = FieldValue | undefined;

/** The type counts: 1 and 1.0 differ. */
function isSame(a: Seen, b: Seen): boolean {
  if (a instanceof DurationValue) return b instanceof DurationValue && a.ns === b.ns;
  if (a instanceof TimeValue) return b instanceof TimeValue && a.ns === b.ns;
  return a === b;
}

export const changeDetect = defineNode({
  name: 'changeDetect',
  goType: '*pipeline.ChangeDetectNode',
  summary: 'Pass on a point only when one of its fields has changed.',
  edge: { wants: 'any', provides: 'same' },
  args: { fields: restArg('string', 'The fields to watch.') },
  properties: {},
  state: ({ fields }) => ({ emitted: fields.map((): Seen => undefined) }),
  runtime: {
    kind: 'receiver',
    create({ options: { fields }, report }) {
      return {
        beginBatch(_batch, state) {
          state.emitted.fill(undefined);
        },
        point(point, { emitted }) {
          let changed = false;
          for (let i = 0; i < fields.length; i++) {
            const value = point.field(fields[i]!);
            if (value === undefined) report('Invalid field in change detect', `expected field ${fields[i]} not found`);
            else if (!isSame(value, emitted[i])) changed = true;
          }
          if (!changed) return undefined;
          for (let i = 0; i < fields.length; i++) emitted[i] = point.field(fields[i]!);
          return point;
        },
      };
    },
  },
  examples: [{ script: `|changeDetect('v')`, input: 'm v=1 0\nm v=1 1\nm v=2 2', output: 'm v=1 0\nm v=2 2' }],
  since: '1.5.0',
});
