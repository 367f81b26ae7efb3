import type { LambdaState } from '@supercap/lambda';

/** State of each expression in one group. */
export interface EvalState {
  lambdas: LambdaState[] | undefined;
}

/** States of the lambda vars within each expression, for all groups. */
export interface EvalShared {
  nested: (readonly LambdaState[])[] | undefined;
}

export const newEvalState = (): EvalState => ({ lambdas: undefined });
export const newEvalShared = (): EvalShared => ({ nested: undefined });
