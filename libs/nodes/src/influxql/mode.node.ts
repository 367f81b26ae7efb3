import type { FieldValue, Time } from '@supercap/data-model';
import { defineAggregate } from './aggregate';
import { numeric } from './column';

interface Dated {
  readonly value: number | bigint;
  readonly time: Time;
}

/**
 * The most frequent of values that are sorted. The smallest leads at first; another takes the lead when it has come at
 * least twice, and as often as the leader only if it first came no later than the leader last did.
 */
function mostFrequent(sorted: readonly Dated[]): FieldValue | undefined {
  let leader = sorted[0];
  if (leader === undefined) return undefined;
  let run = leader;
  let most = 0;
  let length = 0;
  for (const item of sorted) {
    if (item.value !== run.value) {
      run = item;
      length = 1;
      continue;
    }
    length++;
    if (length < most || (length === most && run.time > leader.time)) continue;
    most = length;
    leader = item;
  }
  return leader.value;
}

export const mode = defineAggregate({
  name: 'mode',
  summary: 'The most frequent value of a field.',
  kinds: numeric,
  holdsValues: true,
  fold: {
    start: () => ({ values: [] as Dated[] }),
    add({ values }, column) {
      for (let i = 0; i < column.count; i++) {
        const { time } = column.points[i]!;
        if (column.kind === 'float') values.push({ value: column.floats[i]!, time });
        else if (column.kind === 'int') values.push({ value: column.ints[i]!, time });
      }
    },
    result: ({ values }) =>
      mostFrequent(values.slice().sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0))),
  },
  examples: [{ script: "|mode('v')", input: 'm v=1 0\nm v=3 0\nm v=3 0\nm v=9 10', output: 'm mode=3 0' }],
});
