import { polynomial } from './polynomial';

// The tangent by the rational function of the Cephes library, as Go's math package has it: to the last digit.

const P = [-1.79565251976484877988e7, 1.1535166483858741614e6, -1.30936939181383734205e4];
const Q = [-5.38695755929454629881e7, 2.50083801823357915839e7, -1.32089234440210967447e6, 1.36812963470692954678e4, 1];
/** A quarter of pi in three parts, the first two with zeros at their ends so that products with them are exact. */
const QUARTERS = [7.85398125648498535156e-1, 3.77489470793079817668e-8, 2.69515142907905952645e-15] as const;
/** Beyond it the quarters of the circle are no longer counted exactly. */
const LARGEST = 2 ** 29;

export function tan(x: number): number {
  const size = Math.abs(x);
  if (!(size > 0 && size < LARGEST)) return Math.tan(x);
  let octant = Math.floor((size * 4) / Math.PI);
  if (octant % 2 === 1) octant++;
  const rest = size - octant * QUARTERS[0] - octant * QUARTERS[1] - octant * QUARTERS[2];
  const square = rest * rest;
  const value = square > 1e-14 ? rest + (rest * (square * polynomial(P, square))) / polynomial(Q, square) : rest;
  const turned = octant % 4 === 2 ? -1 / value : value;
  return x < 0 ? -turned : turned;
}
