/** The unit of the time stamps in a body of line protocol. */
export type Precision = 'n' | 'u' | 'ms' | 's' | 'm' | 'h';

/** The precision that a request names; a missing or an unknown word means nanoseconds, as clients rely on. */
export function precisionOf(word: string | undefined): Precision {
  switch (word) {
    case 'u':
    case 'ms':
    case 's':
    case 'm':
    case 'h':
      return word;
    default:
      return 'n';
  }
}

/** How many of the last digits of a time stamp are fractions of a second, for the units that are not longer than one. */
export const FRACTION_DIGITS: Record<Precision, number> = { n: 9, u: 6, ms: 3, s: 0, m: 0, h: 0 };
/** How many seconds the rest counts. */
export const SECONDS_PER_UNIT: Record<Precision, number> = { n: 1, u: 1, ms: 1, s: 1, m: 60, h: 3600 };
