// After FreeBSD's msun, e_j0.c, e_j1.c and e_jn.c: Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
// Developed at SunSoft, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software
// is freely granted, provided that this notice is preserved.
import { largeAmplitude, largePhase } from './bessel-asymptotic';
import { polynomial } from './polynomial';

const TWO_OVER_PI = 2 / Math.PI;
const INVERSE_SQRT_PI = 5.6418958354775627928e-1;

const J0_R = [
  0, 1.56249999999999947958e-2, -1.89979294238854721751e-4, 1.8295404953270066567e-6, -4.61832688532103189199e-9,
];
const J0_S = [
  1, 1.56191029464890010492e-2, 1.1692678466333745026e-4, 5.13546550207318111446e-7, 1.16614003333790000205e-9,
];
const Y0_U = [
  -7.38042951086872317523e-2, 1.76666452509181115538e-1, -1.38185671945596898896e-2, 3.47453432093683650238e-4,
  -3.81407053724364161125e-6, 1.95590137035022920206e-8, -3.98205194132103398453e-11,
];
const Y0_V = [
  1, 1.27304834834123699328e-2, 7.60068627350353253702e-5, 2.59150851840457805467e-7, 4.41110311332675467403e-10,
];

const J1_R = [-6.25e-2, 1.40705666955189706048e-3, -1.5995563108403559752e-5, 4.96727999609584448412e-8];
const J1_S = [
  1, 1.91537599538363460805e-2, 1.8594678558863091556e-4, 1.17718464042623683263e-6, 5.04636257076217042715e-9,
  1.23542274426137913908e-11,
];
const Y1_U = [
  -1.96057090646238940668e-1, 5.04438716639811282616e-2, -1.91256895875763547298e-3, 2.35252600561610495928e-5,
  -9.19099158039878874504e-8,
];
const Y1_V = [
  1, 1.99167318236649903973e-2, 2.02552581025135171496e-4, 1.35608801097516229404e-6, 6.22741452364621501295e-9,
  1.66559246207992079114e-11,
];

/** cos and sin of x - pi/4 times sqrt 2, without the cancellation of a plain subtraction. */
function quarterTurned(x: number): [cosine: number, sine: number] {
  const s = Math.sin(x);
  const c = Math.cos(x);
  let sine = s - c;
  let cosine = s + c;
  if (x < 2 ** 1000) {
    const z = -Math.cos(x + x);
    if (s * c < 0) cosine = z / sine;
    else sine = z / cosine;
  }
  return [cosine, sine];
}

export function j0(x: number): number {
  if (Number.isNaN(x)) return NaN;
  const abs = Math.abs(x);
  if (abs === Infinity) return 0;
  if (abs >= 2) {
    const [cosine, sine] = quarterTurned(abs);
    if (abs > 2 ** 129) return (INVERSE_SQRT_PI * cosine) / Math.sqrt(abs);
    return (INVERSE_SQRT_PI * (largeAmplitude(0, abs) * cosine - largePhase(0, abs) * sine)) / Math.sqrt(abs);
  }
  const z = x * x;
  if (abs < 2 ** -13) return 1 - z / 4;
  const rest = polynomial(J0_R, z) / polynomial(J0_S, z);
  if (abs < 1) return 1 + z * (-0.25 + rest);
  return (1 + abs / 2) * (1 - abs / 2) + z * rest;
}

export function y0(x: number): number {
  if (x < 0 || Number.isNaN(x)) return NaN;
  if (x === 0) return -Infinity;
  if (x === Infinity) return 0;
  if (x >= 2) {
    const [cosine, sine] = quarterTurned(x);
    if (x > 2 ** 129) return (INVERSE_SQRT_PI * sine) / Math.sqrt(x);
    return (INVERSE_SQRT_PI * (largeAmplitude(0, x) * sine + largePhase(0, x) * cosine)) / Math.sqrt(x);
  }
  if (x < 2 ** -27) return Y0_U[0]! + TWO_OVER_PI * Math.log(x);
  const z = x * x;
  return polynomial(Y0_U, z) / polynomial(Y0_V, z) + TWO_OVER_PI * (j0(x) * Math.log(x));
}

export function j1(x: number): number {
  if (Number.isNaN(x)) return NaN;
  const abs = Math.abs(x);
  if (abs === Infinity) return 0;
  if (abs >= 2) {
    // cos and sin of x - 3 pi/4, times sqrt 2.
    const [plus, minus] = quarterTurned(abs);
    const value = abs > 2 ** 129 ? minus : largeAmplitude(1, abs) * minus + largePhase(1, abs) * plus;
    const magnitude = (INVERSE_SQRT_PI * value) / Math.sqrt(abs);
    return x < 0 ? -magnitude : magnitude;
  }
  if (abs < 2 ** -27) return 0.5 * x;
  const z = x * x;
  return 0.5 * x + (x * z * polynomial(J1_R, z)) / polynomial(J1_S, z);
}

export function y1(x: number): number {
  if (x < 0 || Number.isNaN(x)) return NaN;
  if (x === 0) return -Infinity;
  if (x === Infinity) return 0;
  if (x >= 2) {
    const [plus, minus] = quarterTurned(x);
    const value = x > 2 ** 129 ? -plus : -largeAmplitude(1, x) * plus + largePhase(1, x) * minus;
    return (INVERSE_SQRT_PI * value) / Math.sqrt(x);
  }
  if (x <= 2 ** -54) return -TWO_OVER_PI / x;
  const z = x * x;
  return x * (polynomial(Y1_U, z) / polynomial(Y1_V, z)) + TWO_OVER_PI * (j1(x) * Math.log(x) - 1 / x);
}

/** More steps than this of a recurrence are no longer a number that anybody asks for. */
const LARGEST_ORDER = 100_000;

export function jn(n: number, x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (!Number.isFinite(x)) return 0;
  // J(-n, x) = (-1)^n J(n, x) = J(n, -x)
  const order = Math.abs(n);
  const odd = order % 2 === 1;
  const negative = odd && n < 0 !== x < 0;
  if (order === 0) return j0(x);
  const abs = Math.abs(x);
  if (abs === 0 || order > LARGEST_ORDER) return 0;
  const value = order === 1 ? j1(abs) : order <= abs ? upward(order, abs, j0(abs), j1(abs)) : downward(order, abs);
  return negative ? -value : value;
}

export function yn(n: number, x: number): number {
  if (x < 0 || Number.isNaN(x)) return NaN;
  if (x === Infinity) return 0;
  const order = Math.abs(n);
  const negative = n < 0 && order % 2 === 1;
  if (x === 0) return negative ? Infinity : -Infinity;
  if (order === 0) return y0(x);
  if (order > LARGEST_ORDER) return negative ? Infinity : -Infinity;
  const value = order === 1 ? y1(x) : upward(order, x, y0(x), y1(x));
  return negative ? -value : value;
}

/** J(n+1,x) = 2n/x J(n,x) - J(n-1,x), and the same for Y: stable upwards while n <= x, and always for Y. */
function upward(order: number, x: number, zeroth: number, first: number): number {
  let before = zeroth;
  let value = first;
  for (let i = 1; i < order && value !== -Infinity; i++) [before, value] = [value, value * ((2 * i) / x) - before];
  return value;
}

/** The quotient of neighbours as a continued fraction, and from it the recurrence down to order 0, whose value is known. */
function downward(order: number, x: number): number {
  if (x < 2 ** -29) {
    // The first term of the Taylor series: (x/2)^n / n!.
    let term = 1;
    for (let i = 1; i <= order && term !== 0; i++) term *= x / 2 / i;
    return term;
  }
  // So many steps make the fraction exact.
  const step = 2 / x;
  let before = (2 * order) / x;
  let factor = before + step;
  let denominator = before * factor - 1;
  let steps = 1;
  while (denominator < 1e9) {
    steps++;
    factor += step;
    [before, denominator] = [denominator, factor * denominator - before];
  }
  let fraction = 0;
  for (let i = 2 * (order + steps); i >= 2 * order; i -= 2) fraction = 1 / (i / x - fraction);
  let above = fraction;
  let value = 1;
  let wanted = fraction;
  for (let i = order - 1; i > 0; i--) {
    [above, value] = [value, (value * (2 * i)) / x - above];
    if (value > 1e100) {
      above /= value;
      wanted /= value;
      value = 1;
    }
  }
  return (wanted * j0(x)) / value;
}
