import type { Position } from './ast';

/** A script that does not parse. The message is the one that clients know: `parser: unexpected …`. */
export class ParseError extends Error {
  constructor(
    message: string,
    /** Where the offending token starts; absent when the text of a literal is at fault and nobody knows where it stood. */
    readonly position?: Position,
    /** Bytes of the offending token. */
    readonly length: number = 0,
  ) {
    super(message);
    this.name = 'ParseError';
  }
}
