import { describe, expect, it } from 'vitest';
import { evaluateText } from '../lambda.fixture';
import { j0, j1, jn, y0, y1, yn } from './bessel';
import { erf, erfc } from './erf';
import { gamma } from './gamma';
import { tan } from './tangent';

/** Bessel's integral by the trapezoidal rule, which converges faster than any power for a periodic function. */
function besselIntegral(n: number, x: number): number {
  const steps = 200 + Math.ceil(4 * (x + n));
  let sum = 0;
  for (let k = 0; k < steps; k++) {
    const angle = (Math.PI * (k + 0.5)) / steps;
    sum += Math.cos(n * angle - x * Math.sin(angle));
  }
  return sum / steps;
}

/** The Maclaurin series of the error function. */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 300; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

/** The continued fraction of the complementary error function. */
function erfcFraction(x: number): number {
  let fraction = 0;
  for (let k = 300; k > 0; k--) fraction = k / 2 / (x + fraction);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
}

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.floor((to - from) / step) }, (_, i) => from + i * step);
}

const relative = (value: number, expected: number) => Math.abs(value / expected - 1);

describe('functions that JavaScript has in other digits', () => {
  it('are those of Go', () => {
    expect([tan(1), tan(-1), jn(2, 1)]).toEqual([1.557407724654902, -1.557407724654902, 0.11490348493190049]);
    for (const x of range(-50, 50, 0.0137)) expect(relative(tan(x), Math.tan(x))).toBeLessThan(1e-15);
    expect([tan(0), tan(-0), tan(NaN), tan(1e10)]).toEqual([0, -0, NaN, Math.tan(1e10)]);
  });
});

describe('Bessel functions', () => {
  it('of the first kind agree with their integral', () => {
    for (const x of range(0.01, 40, 0.137)) {
      expect(Math.abs(j0(x) - besselIntegral(0, x))).toBeLessThan(1e-14);
      expect(Math.abs(j1(-x) + besselIntegral(1, x))).toBeLessThan(1e-14);
      for (const n of [2, 5, 25]) expect(Math.abs(jn(n, x) - besselIntegral(n, x))).toBeLessThan(1e-14);
    }
  });

  it('of both kinds satisfy the Wronskian', () => {
    for (const x of range(0.01, 40, 0.137)) {
      const wronskian = (Math.PI * x) / 2;
      expect(relative((j1(x) * y0(x) - j0(x) * y1(x)) * wronskian, 1)).toBeLessThan(1e-13);
      expect(relative((jn(4, x) * yn(3, x) - jn(3, x) * yn(4, x)) * wronskian, 1)).toBeLessThan(1e-13);
    }
  });

  it('have the limits and symmetries that C99 gives them', () => {
    expect([y0(0), y1(0), yn(2, 0), yn(-3, 0)]).toEqual([-Infinity, -Infinity, -Infinity, Infinity]);
    expect([j0(Infinity), j1(-Infinity), y0(Infinity), jn(3, Infinity)].map(Math.abs)).toEqual([0, 0, 0, 0]);
    expect([y0(-1), y1(-1), yn(2, -1), jn(2, NaN)]).toEqual([NaN, NaN, NaN, NaN]);
    expect(jn(-3, 2)).toBe(-jn(3, 2));
    expect(jn(3, -2)).toBe(-jn(3, 2));
    expect(jn(-2, 2)).toBe(jn(2, 2));
    expect(yn(-3, 2)).toBe(-yn(3, 2));
    expect(relative(jn(100, 1), 8.431828789626707e-189)).toBeLessThan(1e-9);
    expect(jn(2 ** 53, 1)).toBe(0);
  });
});

describe('error function and gamma', () => {
  it('agree with series and continued fraction', () => {
    for (const x of range(0.001, 2.5, 0.013)) expect(relative(erf(-x), -erfSeries(x))).toBeLessThan(1e-12);
    for (const x of range(2, 26, 0.037)) expect(relative(erfc(x), erfcFraction(x))).toBeLessThan(1e-12);
    for (const x of range(-6, 6, 0.07)) expect(Math.abs(erf(x) + erfc(x) - 1)).toBeLessThan(1e-15);
    expect([erf(Infinity), erf(-Infinity), erfc(Infinity), erfc(-Infinity)]).toEqual([1, -1, 0, 2]);
  });

  it('gives factorials, half-integers and the limits', () => {
    let factorial = 1;
    for (let n = 1; n <= 170; n++) {
      expect(relative(gamma(n), factorial)).toBeLessThan(1e-13);
      factorial *= n;
    }
    let half = Math.sqrt(Math.PI);
    for (let k = 0; k < 50; k++) {
      expect(relative(gamma(0.5 - k), half)).toBeLessThan(1e-13);
      half /= -0.5 - k;
    }
    expect([gamma(0), gamma(-0), gamma(-2), gamma(172), gamma(-Infinity)]).toEqual([
      Infinity,
      -Infinity,
      NaN,
      Infinity,
      NaN,
    ]);
  });
});

describe('other functions', () => {
  it.each([
    ['pow(2.0, 3.0)', 8],
    ['pow(1.0, sqrt(-1.0))', 1],
    ['pow10(2)', 100],
    ['pow10(400)', Infinity],
    ['pow10(-400)', 0],
    ['mod(-5.5, 2.0)', -1.5],
    ['trunc(-1.5)', -1],
    ['logb(0.3)', -2],
    ['logb(1000.0)', 9],
    ['logb(0.0)', -Infinity],
    ['exp2(10.0)', 1024],
    ['max(sqrt(-1.0), 1.0)', NaN],
    ['max(1.0 / 0.0, sqrt(-1.0))', Infinity],
    ['min(1.0, 2.0)', 1],
    ['hypot(3.0, 4.0)', 5],
    ['atan2(1.0, 1.0)', Math.PI / 4],
    ['cbrt(-27.0)', -3],
  ])('%s gives %s', (text, expected) => {
    expect(evaluateText(text)).toBe(expected);
  });
});
