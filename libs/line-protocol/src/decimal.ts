/** Powers of ten that a double holds exactly. */
export const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

const SPLITTER = 134_217_729; // 2^27 + 1
/** Of a quotient: far above the error of the division below, far below half a unit in its last place. */
const MARGIN = 2 ** -98;

/**
 * The double nearest to `(high × 10⁹ + low) / 10^decimals`, for numbers of up to 19 digits, without text: the quotient is
 * computed to about a hundred bits. NaN when that does not settle how to round. `high` is below 10¹⁰, `low` below 10⁹.
 */
export function nearestDouble(high: number, low: number, decimals: number): number {
  // The dividend as the unevaluated sum of two doubles, exactly.
  const upper = Math.floor(high / 65_536) * 65_536 * 1e9;
  const lower = (high % 65_536) * 1e9 + low;
  const sum = upper + lower;
  const back = sum - upper;
  const rest = upper - (sum - back) + (lower - back);

  const divisor = POWERS_OF_TEN[decimals]!;
  const quotient = sum / divisor;
  // What quotient × divisor lacks of the dividend: the product split into halves, so that every step is exact.
  const product = quotient * divisor;
  let scaled = SPLITTER * quotient;
  const quotientHigh = scaled - (scaled - quotient);
  const quotientLow = quotient - quotientHigh;
  scaled = SPLITTER * divisor;
  const divisorHigh = scaled - (scaled - divisor);
  const divisorLow = divisor - divisorHigh;
  const productRest =
    quotientHigh * divisorHigh -
    product +
    quotientHigh * divisorLow +
    quotientLow * divisorHigh +
    quotientLow * divisorLow;
  const correction = (sum - product - productRest + rest) / divisor;

  const margin = quotient * MARGIN;
  const value = quotient + (correction - margin);
  return value === quotient + (correction + margin) ? value : NaN;
}
