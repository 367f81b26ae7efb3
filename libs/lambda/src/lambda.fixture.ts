import { type FieldValue, Layout, Point, Tags, nilGroup } from '@supercap/data-model';
import { parseLambda } from '@supercap/tickscript';
import { type CompileOptions, compileLambda } from './compile';
import { EvaluationError } from './errors';
import type { LambdaValue } from './value';

// For specs and fuzzing: points and evaluations in one line.

export interface PointParts {
  readonly fields?: Readonly<Record<string, FieldValue>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly time?: bigint;
}

export function pointOf({ fields = {}, tags = {}, time = 0n }: PointParts): Point {
  const values = new Map(Object.entries(fields));
  const layout = Layout.of(values.keys());
  return new Point(
    'm',
    'db',
    'rp',
    nilGroup,
    Tags.from(tags),
    layout,
    layout.names.map((name) => values.get(name)!),
    time,
  );
}

export const compile = (text: string, options?: CompileOptions) => compileLambda(parseLambda(text), options);

/** The value, or the error text with a mark before it. */
export function outcome(evaluate: () => LambdaValue): LambdaValue {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof EvaluationError) return `✗ ${error.message}`;
    throw error;
  }
}

/** Compiles and evaluates once. */
export function evaluateText(text: string, parts: PointParts = {}): LambdaValue {
  const lambda = compile(text);
  return outcome(() => lambda.evaluate(pointOf(parts), lambda.newState(), lambda.newShared()));
}
