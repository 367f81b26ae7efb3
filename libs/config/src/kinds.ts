import { parseDuration } from '@supercap/data-model';
import { z } from 'zod';

// Every kind reads a text of the environment; its message completes "NAME must be …".

export const text = z.string();

const booleans = new Map([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((word) => [word, true] as const),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map((word) => [word, false] as const),
]);

export const boolean = parsed('true or false', (word) => booleans.get(word));

export const port = parsed('a port from 1 to 65535', (word) => inRange(toInteger(word), 1, 65535));

export const count = (least = 1) =>
  parsed(`a whole number of at least ${least}`, (word) => inRange(toInteger(word), least, Number.MAX_SAFE_INTEGER));

export const number = parsed('a number', (word) =>
  word.trim() !== '' && Number.isFinite(Number(word)) ? Number(word) : undefined,
);

const units = new Map([
  ['', 1],
  ['b', 1],
  ['kb', 1024],
  ['mb', 1024 ** 2],
  ['gb', 1024 ** 3],
]);

export const bytes = parsed('a size such as 512kb, 25mb or 1gb', (word) => {
  const [, digits, unit] = /^(\d+) *(b|kb|mb|gb|)$/i.exec(word.trim()) ?? [];
  const size = Number(digits) * (units.get(unit?.toLowerCase() ?? '') ?? NaN);
  return inRange(size, 1, Number.MAX_SAFE_INTEGER);
});

/** The same, or undefined when empty: whoever reads it knows better. */
export const bytesOrAuto = z.union([z.literal('').transform(() => undefined), bytes]);

/** Nanoseconds. */
export const duration = parsed('a duration such as 500ms, 10s or 1m', toDuration);

/** Milliseconds, as timers take them. */
export const milliseconds = parsed('a duration of at least 1ms, such as 500ms or 10s', (word) => {
  const nanoseconds = toDuration(word);
  return nanoseconds === undefined ? undefined : inRange(Number(nanoseconds / 1_000_000n), 1, 2 ** 31 - 1);
});

export const url = (...protocols: readonly string[]) =>
  parsed(`a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`, (word) =>
    URL.canParse(word) && protocols.includes(new URL(word).protocol) ? word : undefined,
  );

export const address = parsed('an address of the form host:port', (word) =>
  /^[^\s:/]+:\d+$|^\[[0-9a-fA-F:]+\]:\d+$/.test(word) &&
  inRange(Number(word.slice(word.lastIndexOf(':') + 1)), 1, 65535)
    ? word
    : undefined,
);

export const choice = <const T extends string>(...words: readonly T[]) =>
  parsed(`one of ${words.join(', ')}`, (word) => words.find((candidate) => candidate === word.toLowerCase()));

function parsed<T>(form: string, parse: (word: string) => T | undefined) {
  return z.string().transform((word, context): T => {
    const value = parse(word);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: form });
    return z.NEVER;
  });
}

const toInteger = (word: string) => (/^(\d+|0x[0-9a-f]+)$/i.test(word.trim()) ? Number(word) : NaN);

const inRange = (value: number, least: number, most: number) => (value >= least && value <= most ? value : undefined);

function toDuration(word: string): bigint | undefined {
  if (word.trim() === '0') return 0n;
  const nanoseconds = parseDuration(word.trim());
  return nanoseconds === undefined || nanoseconds < 0n ? undefined : nanoseconds;
}
