// The gamma function after the Cephes mathematical library of Stephen L. Moshier (public domain): Stirling's formula
// for large arguments, a rational approximation on [2, 3] and the recurrence relation between.
import { polynomial } from './polynomial';

const P = [
  9.99999999999999996796e-1, 4.94214826801497100753e-1, 2.0744822764843597515e-1, 4.76367800457137231464e-2,
  1.04213797561761569935e-2, 1.19135147006586384913e-3, 1.60119522476751861407e-4,
];
const Q = [
  1.0000000000000000032, 7.14304917030273074085e-2, -2.34591795718243348568e-1, 3.58236398605498653373e-2,
  1.18139785222060435552e-2, -4.45641913851797240494e-3, 5.39605580493303397842e-4, -2.31581873324120129819e-5,
];
const S = [
  8.33333333333482257126e-2, 3.4722222160545866731e-3, -2.68132617805781232825e-3, -2.2954996161337812638e-4,
  7.87311395793093628397e-4,
];
const EULER = 0.57721566490153286;
const SQRT_TWO_PI = 2.5066282746310005;

function stirling(x: number): number {
  if (x > 171.624) return Infinity;
  const w = 1 / x;
  const series = 1 + w * polynomial(S, w);
  const e = Math.exp(x);
  // x^(x-1/2) would overflow before the quotient does.
  const power = x > 143.01608 ? x ** (0.5 * x - 0.25) : x ** (x - 0.5);
  return SQRT_TWO_PI * (x > 143.01608 ? power * (power / e) : power / e) * series;
}

export function gamma(x: number): number {
  if (Number.isNaN(x) || x === -Infinity || (x < 0 && Number.isInteger(x))) return NaN;
  if (x === Infinity) return Infinity;
  if (x === 0) return 1 / x;
  if (x >= 33) return stirling(x);
  if (x <= -33) {
    // Reflection: gamma(x) gamma(-x) = -pi / (x sin(pi x)).
    const rest = -x - Math.floor(-x);
    const sine = -x * Math.sin(Math.PI * (rest > 0.5 ? 1 - rest : rest));
    const magnitude = Math.PI / (sine * stirling(-x));
    return Math.floor(-x) % 2 === 0 ? -magnitude : magnitude;
  }
  let value = 1;
  let at = x;
  while (at >= 3) {
    at -= 1;
    value *= at;
  }
  while (at < 2) {
    if (Math.abs(at) < 1e-9) return value / ((1 + EULER * at) * at);
    value /= at;
    at += 1;
  }
  return (value * polynomial(P, at - 2)) / polynomial(Q, at - 2);
}
