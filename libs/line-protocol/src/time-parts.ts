const TWO_16 = 0x1_0000;
const TWO_32 = 0x1_0000_0000;
const BILLION = 1e9;

/** The largest number of whole seconds in an int64 of nanoseconds, and the nanoseconds that may follow it. */
const MAX_SECONDS = 9_223_372_036;
const MAX_NANOS = 854_775_807;

/**
 * Stores `±(billions × 10⁹ + rest)` as an int64, low half first, without making a bigint. False if it does not fit, and
 * nothing is stored. `rest` is below 10⁹.
 */
export function storeInt64(target: Int32Array, at: number, negative: boolean, billions: number, rest: number): boolean {
  if (billions >= MAX_SECONDS) {
    if (billions > MAX_SECONDS || rest > (negative ? MAX_NANOS + 1 : MAX_NANOS)) return false;
  }
  // billions × 10⁹ in two steps of 16 bits, so that no product leaves the exact range of a double.
  const low = (billions % TWO_16) * BILLION + rest;
  const high = Math.floor(billions / TWO_16) * BILLION;
  const middle = (high % TWO_16) * TWO_16 + low;
  const carry = Math.floor(middle / TWO_32);
  let lowHalf = (middle - carry * TWO_32) | 0;
  let highHalf = (Math.floor(high / TWO_16) + carry) | 0;
  if (negative) {
    lowHalf = -lowHalf | 0;
    highHalf = (lowHalf === 0 ? -highHalf : ~highHalf) | 0;
  }
  target[at] = lowHalf;
  target[at + 1] = highHalf;
  return true;
}

export function storeBigInt(target: Int32Array, at: number, value: bigint): void {
  target[at] = Number(BigInt.asIntN(32, value));
  target[at + 1] = Number(BigInt.asIntN(32, value >> 32n));
}
