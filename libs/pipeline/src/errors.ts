import type { Position } from '@supercap/tickscript';

/**
 * `parse`, `evaluation` and `validation` errors are told with `invalid TICKscript: ` in front (`invalid task: ` in the
 * 2016 API); a `taskType` error as it is.
 */
export type ScriptErrorKind = 'parse' | 'evaluation' | 'validation' | 'taskType';

/** What a name that is not known might have been meant as. */
export interface Unknown {
  readonly name: string;
  readonly candidates: readonly Candidate[];
}

export interface Candidate {
  readonly name: string;
  /** How it is written in place of the unknown name, e.g. `.unit()`. */
  readonly written: string;
}

export function asWritten(names: readonly string[]): Candidate[] {
  return names.map((name) => ({ name, written: name }));
}

interface ScriptErrorDetails {
  readonly position?: Position;
  /** The message tells its place itself, as `line 1 char 8: …`. */
  readonly located?: boolean;
  readonly unknown?: Unknown;
  /** Bytes that the error spans, when known. */
  readonly length?: number;
}

/** A script that cannot become a pipeline. `message` is the text that clients know, without the prefix of its API. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
  readonly position: Position | undefined;
  readonly unknown: Unknown | undefined;
  readonly length: number | undefined;

  constructor(
    readonly kind: ScriptErrorKind,
    /** The message without its place. */
    readonly detail: string,
    { position, located, unknown, length }: ScriptErrorDetails = {},
  ) {
    super(located && position ? `line ${position.line} char ${position.char}: ${detail}` : detail);
    this.position = position;
    this.unknown = unknown;
    this.length = length;
  }
}

/** A call that failed, before it is known where: its cause goes behind `error calling func "x" on obj T: `. */
export class CallFault extends Error {}
