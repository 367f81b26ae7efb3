import { formatDuration } from '@supercap/data-model';
import type { DurationLiteral, NumberLiteral, StringLiteral } from './ast';

/** The shortest decimal that reads as the same float: never an exponent, always a point. */
export function formatFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  const text = withoutExponent(Object.is(value, -0) ? '-0' : String(value));
  return text.includes('.') ? text : `${text}.0`;
}

function withoutExponent(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text;
  const [, sign, whole, decimals = '', exponent] = match;
  const digits = `${whole}${decimals}`;
  const point = whole!.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, '0').slice(0, point)}${point < digits.length ? `.${digits.slice(point)}` : ''}`;
}

export function formatNumber({ value, base }: NumberLiteral): string {
  if (typeof value === 'number') return formatFloat(value);
  if (base !== 8) return value.toString();
  return value < 0n ? `-0${(-value).toString(8)}` : `0${value.toString(8)}`;
}

export function formatDurationLiteral({ ns, text }: DurationLiteral): string {
  return text ?? formatDuration(ns);
}

export function formatString({ value, tripleQuoted }: StringLiteral): string {
  return tripleQuoted ? `'''${value}'''` : `'${value.replaceAll("'", "\\'")}'`;
}

/** `\"` in a reference stands for a quote. */
export function formatReference(name: string): string {
  return `"${name.replaceAll('"', '\\"')}"`;
}

export function formatRegex(pattern: string): string {
  return `/${pattern.replaceAll('/', '\\/')}/`;
}
