import { DAY, HOUR, MICROSECOND, MILLISECOND, MINUTE, SECOND, WEEK } from './time';

const UNITS: readonly (readonly [suffix: string, ns: bigint])[] = [
  ['w', WEEK],
  ['d', DAY],
  ['h', HOUR],
  ['m', MINUTE],
  ['s', SECOND],
  ['ms', MILLISECOND],
  ['u', MICROSECOND],
];

/** InfluxQL's text of a duration: the largest unit that divides it exactly; what is below a microsecond is cut off. */
export function formatDuration(ns: bigint): string {
  const whole = ns - (ns % MICROSECOND);
  if (whole === 0n) return '0s';
  const [suffix, unit] = UNITS.find(([, unit]) => whole % unit === 0n)!;
  return `${whole / unit}${suffix}`;
}

/**
 * Reads an InfluxQL duration: an optional minus and one or more `<int><unit>` with units u, µ, ms, s, m, h, d, w (and ns).
 * Undefined if it is anything else or does not fit 64 bits.
 */
export function parseDuration(text: string): bigint | undefined {
  const body = text.startsWith('-') ? text.slice(1) : text;
  if (!/^(?:\d+(?:ns|ms|u|µ|s|m|h|d|w))+$/.test(body)) return undefined;
  let total = 0n;
  for (const [, digits, suffix] of body.matchAll(/(\d+)(ns|ms|u|µ|s|m|h|d|w)/g)) {
    const unit = suffix === 'ns' ? 1n : suffix === 'µ' ? MICROSECOND : UNITS.find(([name]) => name === suffix)![1];
    total += BigInt(digits!) * unit;
  }
  if (total > 0x7fff_ffff_ffff_ffffn) return undefined;
  return text.startsWith('-') ? -total : total;
}

/** Go's text of a duration: `1h0m5s`, `1.5s`, `250µs`, `0s`. */
export function formatDurationGo(ns: bigint): string {
  if (ns === 0n) return '0s';
  const sign = ns < 0n ? '-' : '';
  const abs = ns < 0n ? -ns : ns;
  const decimal = (unit: bigint, digits: number) => {
    const rest = (abs % unit).toString().padStart(digits, '0').replace(/0+$/, '');
    return `${abs / unit}${rest === '' ? '' : `.${rest}`}`;
  };
  if (abs < MICROSECOND) return `${sign}${abs}ns`;
  if (abs < MILLISECOND) return `${sign}${decimal(MICROSECOND, 3)}µs`;
  if (abs < SECOND) return `${sign}${decimal(MILLISECOND, 6)}ms`;
  const hours = abs / HOUR;
  const minutes = (abs % HOUR) / MINUTE;
  const inMinute = abs % MINUTE;
  const rest = (inMinute % SECOND).toString().padStart(9, '0').replace(/0+$/, '');
  const seconds = `${inMinute / SECOND}${rest === '' ? '' : `.${rest}`}s`;
  if (hours > 0n) return `${sign}${hours}h${minutes}m${seconds}`;
  if (minutes > 0n) return `${sign}${minutes}m${seconds}`;
  return `${sign}${seconds}`;
}
