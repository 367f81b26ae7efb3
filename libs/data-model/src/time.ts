import type { Time } from './value';

export const NANOSECOND = 1n;
export const MICROSECOND = 1_000n;
export const MILLISECOND = 1_000_000n;
export const SECOND = 1_000_000_000n;
export const MINUTE = 60n * SECOND;
export const HOUR = 60n * MINUTE;
export const DAY = 24n * HOUR;
export const WEEK = 7n * DAY;

/** 0001-01-01T00:00:00Z, the instant that Go's Truncate and Round count from and that stands for "never". */
export const ZERO_TIME: Time = -62_135_596_800n * SECOND;

/** Rounds down to a multiple of `step` since the zero instant; a step of zero or less changes nothing. */
export function truncateTime(time: Time, step: bigint): Time {
  if (step <= 0n) return time;
  const since = time - ZERO_TIME;
  const rest = since % step;
  return time - (rest < 0n ? rest + step : rest);
}

/** Rounds to the nearest multiple of `step` since the zero instant, halves up. */
export function roundTime(time: Time, step: bigint): Time {
  if (step <= 0n) return time;
  const down = truncateTime(time, step);
  const rest = time - down;
  return rest + rest < step ? down : down + step;
}

const pad = (value: number, width: number) => String(value).padStart(width, '0');

/** Seconds (rounded down) and the remaining nanoseconds, 0 to 999,999,999. */
function split(time: Time): { seconds: bigint; nanos: number } {
  let seconds = time / SECOND;
  let nanos = time % SECOND;
  if (nanos < 0n) {
    nanos += SECOND;
    seconds -= 1n;
  }
  return { seconds, nanos: Number(nanos) };
}

function fraction(nanos: number): string {
  return nanos === 0 ? '' : `.${pad(nanos, 9).replace(/0+$/, '')}`;
}

/** RFC 3339 in UTC with as many fractional digits as there are, e.g. `2017-07-14T02:40:00.5Z`. */
export function formatTime(time: Time): string {
  const { seconds, nanos } = split(time);
  const date = new Date(Number(seconds) * 1000);
  return (
    `${pad(date.getUTCFullYear(), 4)}-${pad(date.getUTCMonth() + 1, 2)}-${pad(date.getUTCDate(), 2)}T` +
    `${pad(date.getUTCHours(), 2)}:${pad(date.getUTCMinutes(), 2)}:${pad(date.getUTCSeconds(), 2)}${fraction(nanos)}Z`
  );
}

/** Go's default text of a UTC time, e.g. `2017-07-14 02:40:00.5 +0000 UTC`. */
export function formatTimeGo(time: Time): string {
  return `${formatTime(time).slice(0, -1).replace('T', ' ')} +0000 UTC`;
}

/** Reads RFC 3339 with any offset and up to nine fractional digits; undefined if it is anything else. */
export function parseTime(text: string): Time | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9})\d*)?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, decimals, zone] = match as unknown as string[];
  const [mo, d, h, mi, s] = [Number(month), Number(day), Number(hour), Number(minute), Number(second)];
  if (mo < 1 || mo > 12 || h > 23 || mi > 59 || s > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), mo - 1, d);
  if (date.getUTCDate() !== d || date.getUTCMonth() !== mo - 1) return undefined;
  date.setUTCHours(h, mi, s);
  const offset =
    zone === 'Z' ? 0 : (zone![0] === '-' ? -1 : 1) * (Number(zone!.slice(1, 3)) * 60 + Number(zone!.slice(4)));
  return BigInt(date.getTime()) * MILLISECOND - BigInt(offset) * MINUTE + BigInt((decimals ?? '').padEnd(9, '0'));
}
