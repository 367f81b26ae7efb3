/** One instance of each stateful function. Plain data. */
export interface LambdaState {
  count: number;
  sigma: { n: number; mean: number; m2: number } | undefined;
  spread: { min: number; max: number } | undefined;
}

export function newLambdaState(): LambdaState {
  return { count: 0, sigma: undefined, spread: undefined };
}
