import { saturated } from '@supercap/data-model';

export type Scalar = number | bigint | string | boolean;

const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** A loaded value as the type of its default; undefined if it cannot be that. */
export function convertLike(fallback: Scalar, value: unknown): Scalar | undefined {
  switch (typeof fallback) {
    case 'bigint':
      return toInt(value);
    case 'number':
      return toFloat(value);
    case 'boolean':
      return toBool(value);
    case 'string':
      return toText(value);
  }
}

function toInt(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? within(BigInt(value)) : undefined;
  return typeof value === 'string' && /^[+-]?\d+$/.test(value) ? within(BigInt(value.replace('+', ''))) : undefined;
}

function within(value: bigint): bigint | undefined {
  return saturated(value) === value ? value : undefined;
}

function toFloat(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string') return undefined;
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) return Number(value);
  if (/^[+-]?inf(inity)?$/i.test(value)) return value.startsWith('-') ? -Infinity : Infinity;
  return /^nan$/i.test(value) ? NaN : undefined;
}

function toBool(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  return TRUE.has(value) ? true : FALSE.has(value) ? false : undefined;
}

function toText(value: unknown): string | undefined {
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof value) ? String(value) : undefined;
}
