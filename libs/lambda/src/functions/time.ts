import { MILLISECOND } from '@supercap/data-model';
import { type FunctionDefinition, type Now, signature } from './definition';

/** The instant in milliseconds, rounded down. Calendar parts are those of the server's zone. */
function dateOf(time: bigint): Date {
  const ms = time / MILLISECOND;
  return new Date(Number(time % MILLISECOND < 0n ? ms - 1n : ms));
}

function part(name: string, read: (date: Date) => number, summary: string): FunctionDefinition {
  const call = (time: bigint) => BigInt(read(dateOf(time)));
  return { name, theme: 'time', summary, signatures: [signature(['time'], 'int', call)] };
}

export const timeFunctions: readonly FunctionDefinition[] = [
  {
    name: 'now',
    theme: 'time',
    summary: 'The current time.',
    signatures: [signature([], 'time', (now: Now) => now(), 'now')],
    volatile: true,
  },
  {
    name: 'unixNano',
    theme: 'time',
    summary: 'The time in nanoseconds since 1970-01-01T00:00:00Z.',
    signatures: [signature(['time'], 'int', (time: bigint) => time)],
  },
  part('minute', (date) => date.getMinutes(), 'The minute, 0 to 59.'),
  part('hour', (date) => date.getHours(), "The hour in the server's time zone, 0 to 23."),
  part('weekday', (date) => date.getDay(), 'The day of the week, 0 (Sunday) to 6.'),
  part('day', (date) => date.getDate(), 'The day of the month, 1 to 31.'),
  part('month', (date) => date.getMonth() + 1, 'The month, 1 to 12.'),
  part('year', (date) => date.getFullYear(), 'The year.'),
];
