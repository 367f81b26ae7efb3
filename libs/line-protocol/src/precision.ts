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

/** How many units make a second, for the units that are not longer than one; else how many seconds a unit has. */
export const UNITS_PER_SECOND: Record<Precision, number> = { n: 1e9, u: 1e6, ms: 1e3, s: 1, m: 1, h: 1 };
export const SECONDS_PER_UNIT: Record<Precision, number> = { n: 1, u: 1, ms: 1, s: 1, m: 60, h: 3600 };
