import { Layout, Point, Tags, nilGroup } from '@supercap/data-model';
import type { Expression } from '@supercap/tickscript';
import { analyse } from './analyse';
import { CompiledLambda } from './compile';
import { EvaluationError, LambdaError } from './errors';
import type { LambdaValue } from './value';

const nowhere = new Point('', '', '', nilGroup, Tags.none, Layout.empty, [], 0n);

/** Evaluates an expression of a script, where nothing has a name. Throws LambdaError. */
export function evaluateConstant(expression: Expression): LambdaValue {
  const [name] = analyse(expression).references;
  if (name !== undefined) throw new LambdaError(`name "${name}" is undefined. Names in scope: `);
  const lambda = new CompiledLambda(expression, {});
  try {
    return lambda.evaluateGenerically(nowhere, lambda.newState(), lambda.newShared());
  } catch (error) {
    if (error instanceof EvaluationError) throw new LambdaError(error.message);
    throw error;
  }
}
