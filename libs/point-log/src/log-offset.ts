/** The place of an entry in a partition of the log: `ms-seq`, growing. What was read up to it, it included, is done. */
export type LogOffset = string;

/** Before the first entry. */
export const LOG_START: LogOffset = '0-0';

export function compareOffsets(a: LogOffset, b: LogOffset): number {
  const [aTime, aSequence] = split(a);
  const [bTime, bSequence] = split(b);
  return compareDigits(aTime, bTime) || compareDigits(aSequence, bSequence);
}

/** The smallest offset that is greater. */
export function nextOffset(offset: LogOffset): LogOffset {
  const [time, sequence] = split(offset);
  return `${time}-${BigInt(sequence) + 1n}`;
}

/** When the entry was added, in milliseconds by the clock of the log. */
export const timeOf = (offset: LogOffset): number => Number(split(offset)[0]);

function split(offset: LogOffset): readonly [time: string, sequence: string] {
  const dash = offset.indexOf('-');
  return dash < 0 ? [offset, '0'] : [offset.slice(0, dash), offset.slice(dash + 1)];
}

/** Compares decimal numbers without leading zeros that may not fit a double. */
function compareDigits(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
