import { type CompiledLambda, compileLambda, EvaluationError, LambdaError, type LambdaState } from '@supercap/lambda';
import { StartError } from '@supercap/pipeline';
import type { Lambda } from '@supercap/tickscript';

/** What a node with one expression keeps of it per group. */
export interface ExpressionState {
  lambda: LambdaState | undefined;
}

/** What it keeps once: the states of lambda vars within the expression. */
export interface ExpressionShared {
  nested: readonly LambdaState[] | undefined;
}

export const newExpressionState = (): ExpressionState => ({ lambda: undefined });
export const newExpressionShared = (): ExpressionShared => ({ nested: undefined });

/** Throws StartError with `prefix` before the cause. */
export function compileOrRefuse(lambda: Lambda, prefix: string): CompiledLambda {
  try {
    return compileLambda(lambda);
  } catch (thrown) {
    if (thrown instanceof LambdaError) throw new StartError(`${prefix}: ${thrown.message}`);
    throw thrown;
  }
}

/** The text of a failed evaluation; anything else that was thrown is not for the log and goes on. */
export function failureOf(thrown: unknown): string {
  if (thrown instanceof EvaluationError) return thrown.message;
  throw thrown;
}
