import { INT64_MIN } from '@supercap/data-model';
import { EvaluationError } from './errors';

const LIMIT = 2 ** 63;

export function wrap(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

/** A float cut to an int64; what does not fit gives the smallest one, as the hardware does for Go. */
export function truncateToInt(value: number): bigint {
  return value > -LIMIT && value < LIMIT ? BigInt(Math.trunc(value)) : INT64_MIN;
}

const divideByZero = new EvaluationError('runtime error: integer divide by zero');

export function divideInt(a: bigint, b: bigint): bigint {
  if (b === 0n) throw divideByZero;
  return BigInt.asIntN(64, a / b);
}

export function remainderInt(a: bigint, b: bigint): bigint {
  if (b === 0n) throw divideByZero;
  return a % b;
}

export function scaleDuration(ns: bigint, factor: number): bigint {
  return truncateToInt(Number(ns) * factor);
}

export function divideDuration(ns: bigint, divisor: number): bigint {
  return truncateToInt(Number(ns) / divisor);
}
