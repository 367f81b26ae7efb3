import type { ValueType } from '../value';
import { j0, j1, jn, y0, y1, yn } from './bessel';
import { type FunctionDefinition, signature } from './definition';
import { erf, erfc } from './erf';
import { gamma } from './gamma';
import { tan } from './tangent';

function define(
  name: string,
  args: readonly ValueType[],
  call: (...args: never[]) => number,
  summary: string,
): FunctionDefinition {
  return { name, theme: 'math', summary, signatures: [signature(args, 'float', call)] };
}

const ofOne = (name: string, call: (x: number) => number, summary: string) => define(name, ['float'], call, summary);
const ofTwo = (name: string, call: (x: number, y: number) => number, summary: string) =>
  define(name, ['float', 'float'], call, summary);
const ofOrder = (name: string, call: (n: number, x: number) => number, summary: string) =>
  define(name, ['int', 'float'], (n: bigint, x: number) => call(Number(n), x), summary);

/** C99 says 1 where JavaScript says NaN: one to any power, and minus one to an infinite one. */
function pow(x: number, y: number): number {
  return x === 1 || (x === -1 && (y === Infinity || y === -Infinity)) ? 1 : x ** y;
}

function max(x: number, y: number): number {
  return x === Infinity || y === Infinity ? Infinity : Math.max(x, y);
}

function min(x: number, y: number): number {
  return x === -Infinity || y === -Infinity ? -Infinity : Math.min(x, y);
}

/** The exact power of ten, where multiplying would be off by a bit. */
function pow10(n: bigint): number {
  return n < -323n ? 0 : n > 308n ? Infinity : Number(`1e${n}`);
}

const view = new DataView(new ArrayBuffer(8));

function exponentBits(x: number): number {
  view.setFloat64(0, x);
  return (view.getUint16(0) >> 4) & 0x7ff;
}

function logb(x: number): number {
  if (x === 0) return -Infinity;
  if (!Number.isFinite(x)) return Number.isNaN(x) ? NaN : Infinity;
  const bits = exponentBits(x);
  // A subnormal number has no exponent of its own: scale it up first.
  return bits === 0 ? exponentBits(x * 2 ** 60) - 1023 - 60 : bits - 1023;
}

export const mathFunctions: readonly FunctionDefinition[] = [
  ofOne('abs', Math.abs, 'The absolute value.'),
  ofOne('acos', Math.acos, 'The arccosine, in radians.'),
  ofOne('acosh', Math.acosh, 'The inverse hyperbolic cosine.'),
  ofOne('asin', Math.asin, 'The arcsine, in radians.'),
  ofOne('asinh', Math.asinh, 'The inverse hyperbolic sine.'),
  ofOne('atan', Math.atan, 'The arctangent, in radians.'),
  ofTwo('atan2', Math.atan2, 'The angle of the point (second, first), in radians.'),
  ofOne('atanh', Math.atanh, 'The inverse hyperbolic tangent.'),
  ofOne('cbrt', Math.cbrt, 'The cube root.'),
  ofOne('ceil', Math.ceil, 'The least whole number that is not less.'),
  ofOne('cos', Math.cos, 'The cosine of an angle in radians.'),
  ofOne('cosh', Math.cosh, 'The hyperbolic cosine.'),
  ofOne('erf', erf, 'The error function.'),
  ofOne('erfc', erfc, 'The complementary error function.'),
  ofOne('exp', Math.exp, 'e to the power of the argument.'),
  ofOne('exp2', (x) => 2 ** x, 'Two to the power of the argument.'),
  ofOne('expm1', Math.expm1, 'e to the power of the argument, less one.'),
  ofOne('floor', Math.floor, 'The greatest whole number that is not more.'),
  ofOne('gamma', gamma, 'The gamma function.'),
  ofTwo('hypot', Math.hypot, 'The length of the hypotenuse.'),
  ofOne('j0', j0, 'The Bessel function of the first kind of order 0.'),
  ofOne('j1', j1, 'The Bessel function of the first kind of order 1.'),
  ofOrder('jn', jn, 'The Bessel function of the first kind of the given order.'),
  ofOne('log', Math.log, 'The natural logarithm.'),
  ofOne('log10', Math.log10, 'The decimal logarithm.'),
  ofOne('log1p', Math.log1p, 'The natural logarithm of one plus the argument.'),
  ofOne('log2', Math.log2, 'The binary logarithm.'),
  ofOne('logb', logb, 'The binary exponent.'),
  ofTwo('max', max, 'The greater of two.'),
  ofTwo('min', min, 'The lesser of two.'),
  ofTwo('mod', (x, y) => x % y, 'The remainder of a division; it has the sign of the first argument.'),
  ofTwo('pow', pow, 'The first argument to the power of the second.'),
  define('pow10', ['int'], pow10, 'Ten to the power of the argument.'),
  ofOne('sin', Math.sin, 'The sine of an angle in radians.'),
  ofOne('sinh', Math.sinh, 'The hyperbolic sine.'),
  ofOne('sqrt', Math.sqrt, 'The square root.'),
  ofOne('tan', tan, 'The tangent of an angle in radians.'),
  ofOne('tanh', Math.tanh, 'The hyperbolic tangent.'),
  ofOne('trunc', Math.trunc, 'The whole part.'),
  ofOne('y0', y0, 'The Bessel function of the second kind of order 0.'),
  ofOne('y1', y1, 'The Bessel function of the second kind of order 1.'),
  ofOrder('yn', yn, 'The Bessel function of the second kind of the given order.'),
];
