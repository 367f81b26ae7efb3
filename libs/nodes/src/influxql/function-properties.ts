import { property } from '@supercap/pipeline';

export function functionProperties(name: string) {
  return {
    as: property.value('string', 'Name of the resulting field.', { default: name }),
    usePointTimes: property.flag('Give the result the time of the selected point instead of that of the batch.'),
  };
}

/** What every function has, whatever its arguments. */
export interface FunctionOptions {
  readonly field: string;
  readonly as: string;
  readonly usePointTimes: boolean;
}

/** What all functions are in error texts. */
export const goType = '*pipeline.InfluxQLNode';

/**
 * Points of one time (on a stream) that a function may hold which needs all of its values. What comes on top is reported
 * and left out.
 */
export const accumulationLimit = 1_000_000;
