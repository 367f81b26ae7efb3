import { DurationValue } from '@supercap/data-model';
import { goTypeOfScriptValue, type ScriptValue } from '@supercap/pipeline';
import { type ScheduleOptions, scheduleRuntime } from './schedule-runtime';
import { checkSelect } from './statements';

interface QueryOptions extends ScheduleOptions {
  readonly query: string;
  readonly groupBy: readonly ScriptValue[];
  readonly fill: ScriptValue | undefined;
}

const isTime = (dimension: ScriptValue) =>
  dimension instanceof DurationValue ||
  (typeof dimension === 'object' && 'kind' in dimension && dimension.kind === 'timeDimension');

const isTag = (dimension: ScriptValue) =>
  typeof dimension === 'string' || (typeof dimension === 'object' && 'kind' in dimension && dimension.kind === 'star');

function checkGroupBy(groupBy: readonly ScriptValue[]): string | undefined {
  const other = groupBy.find((dimension) => !isTime(dimension) && !isTag(dimension));
  if (other !== undefined) {
    return `invalid dimension type:${goTypeOfScriptValue(other)}, must be string or time.Duration`;
  }
  return groupBy.filter(isTime).length > 1 ? 'groupBy cannot have more than one time dimension' : undefined;
}

function checkFill(fill: ScriptValue | undefined): string | undefined {
  if (typeof fill !== 'string' || ['null', 'none', 'previous', 'linear'].includes(fill)) return undefined;
  return `unexpected fill option ${fill}`;
}

export const queryRuntime = scheduleRuntime<QueryOptions>(
  ({ query, groupBy, fill }) => checkSelect(query) ?? checkGroupBy(groupBy) ?? checkFill(fill),
);
