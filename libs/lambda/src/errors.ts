/**
 * An evaluation failed; the message is the text that users know. Points may fail by the thousand, so no stack is taken,
 * and one whose text is fixed is thrown again and again.
 */
export class EvaluationError extends Error {
  constructor(message: string) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = limit;
  }
  override get name(): string {
    return 'EvaluationError';
  }
}

/** An expression cannot be compiled. The caller puts the prefix of its node before the message. */
export class LambdaError extends Error {
  override get name(): string {
    return 'LambdaError';
  }
}

/** The failure of a function's call, with the wording that callers see. */
export function callError(name: string, cause: string): EvaluationError {
  return new EvaluationError(`error calling "${name}": ${cause}`);
}
