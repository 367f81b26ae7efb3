import { parseTime } from '@supercap/data-model';
import { quote } from './quote';

const LAYOUT = '2006-01-02T15:04:05Z07:00';

/** Parts of a time in their order: what they look like, their name in the layout, and the unit and bounds of a number. */
const PARTS: readonly (readonly [text: RegExp, layout: string, unit?: string, low?: number, high?: number])[] = [
  [/^\d{4}/, '2006'],
  [/^-/, '-'],
  [/^\d\d/, '01', 'month', 1, 12],
  [/^-/, '-'],
  [/^\d\d/, '02'],
  [/^T/, 'T'],
  [/^\d\d/, '15', 'hour', 0, 23],
  [/^:/, ':'],
  [/^\d\d/, '04', 'minute', 0, 59],
  [/^:/, ':'],
  [/^\d\d/, '05', 'second', 0, 59],
  [/^(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/, 'Z07:00'],
];

/** RFC 3339 in nanoseconds since the epoch, or what Go's time.Parse says of anything else. */
export function readTime(text: string): { readonly time: bigint } | { readonly error: string } {
  const time = parseTime(text);
  return time === undefined ? { error: `parsing time ${quote(text)}${problemOf(text)}` } : { time };
}

function problemOf(text: string): string {
  let rest = text;
  for (const [pattern, layout, unit, low, high] of PARTS) {
    const found = pattern.exec(rest)?.[0];
    if (found === undefined) return ` as ${quote(LAYOUT)}: cannot parse ${quote(rest)} as ${quote(layout)}`;
    if (unit !== undefined && (Number(found) < low! || Number(found) > high!)) return `: ${unit} out of range`;
    rest = rest.slice(found.length);
  }
  return rest === '' ? ': day out of range' : `: extra text: ${quote(rest)}`;
}
