import type { LambdaState } from '../state';
import { type FunctionDefinition, type StatefulCall, signature } from './definition';

const count: StatefulCall = (state: LambdaState) => BigInt(++state.count);

/** Welford's running mean and sum of squares, the current value included. */
const sigma = (state: LambdaState, value: number): number => {
  const run = (state.sigma ??= { n: 0, mean: 0, m2: 0 });
  run.n++;
  const delta = value - run.mean;
  run.mean += delta / run.n;
  run.m2 += delta * (value - run.mean);
  const variance = run.n < 2 ? 0 : run.m2 / (run.n - 1);
  return variance === 0 ? 0 : Math.abs(value - run.mean) / Math.sqrt(variance);
};

const spread = (state: LambdaState, value: number): number => {
  const range = (state.spread ??= { min: Infinity, max: -Infinity });
  if (value < range.min) range.min = value;
  if (value > range.max) range.max = value;
  return range.max - range.min;
};

const theme = 'stateful';

export const statefulFunctions: readonly FunctionDefinition[] = [
  {
    name: 'count',
    theme,
    summary: 'How often the expression has been evaluated up to here: 1, 2, 3 and so on.',
    signatures: [signature([], 'int', count, 'state')],
  },
  {
    name: 'sigma',
    theme,
    summary: 'How many standard deviations the value is away from the running mean.',
    signatures: [signature(['float'], 'float', sigma, 'state')],
  },
  {
    name: 'spread',
    theme,
    summary: 'The running maximum less the running minimum.',
    signatures: [signature(['float'], 'float', spread, 'state')],
  },
];
