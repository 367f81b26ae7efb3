import type { LambdaState } from '../state';
import type { Operand, ValueType } from '../value';

/** What the call of a signature is given before its arguments. */
export type CallContext = 'state' | 'now';

export interface Signature {
  readonly args: readonly ValueType[];
  readonly result: ValueType;
  /** Called with the context (if any) and the arguments, whose types are those of `args`. */
  readonly call: (...args: never[]) => Operand;
  /** `state`: keeps something from call to call. `now`: reads the clock. */
  readonly context?: CallContext;
}

export interface FunctionDefinition {
  readonly name: string;
  readonly theme: 'conversion' | 'math' | 'string' | 'time' | 'misc' | 'stateful';
  readonly summary: string;
  readonly signatures: readonly Signature[];
  /** Gives another result each time, so that nothing may be computed ahead or kept. */
  readonly volatile?: boolean;
  /** The first version of the original that has it, where that is not the version we follow. */
  readonly since?: string;
}

/** The clock that `now()` reads. */
export type Now = () => bigint;
export type StatefulCall = (state: LambdaState, ...args: never[]) => Operand;

export function signature(
  args: readonly ValueType[],
  result: ValueType,
  call: (...args: never[]) => Operand,
  context?: CallContext,
): Signature {
  return { args, result, call, context };
}
