import { encodeEntry } from './encode-entry';
import { EntryReader } from './entry-reader';
import { formatPoint } from './format-point';
import { LineProtocolReader } from './line-protocol-reader';
import type { Precision } from './precision';

const PIECES = [
  'm',
  'cpu,host=a',
  'cpu,host=a v=1 10\n',
  ',',
  '=',
  ' ',
  '"',
  '\\',
  '\n',
  '\r\n',
  '\t',
  '#',
  'v=',
  '1',
  '1.5',
  '-',
  '1i',
  'e9',
  't',
  '"x"',
  '"a\nb"',
  '9223372036854775807',
  '99999999999999999999',
  'NaN',
  'ü',
  '😀',
  '\0',
  '\xff',
  ' 1500000000000000000\n',
  'f=1,g=2i,h=t',
];
const PRECISIONS: readonly Precision[] = ['n', 'u', 'ms', 's', 'm', 'h'];

function generator(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function makeBody(next: (below: number) => number): Buffer {
  let text = '';
  for (let i = next(40); i >= 0; i--) text += PIECES[next(PIECES.length)];
  const body = Buffer.from(text);
  // Now and then single bytes are anything at all.
  if (body.length > 0 && next(3) === 0) body[next(body.length)] = next(256);
  return body;
}

/** What one body comes to: its points as text, or its errors. */
function outcome(reader: LineProtocolReader, entries: EntryReader, body: Buffer, precision: Precision): string {
  const result = reader.read(body, { precision, now: 1n, db: 'db', rp: 'rp' });
  if ('errors' in result) {
    if (result.errors.length === 0) throw new Error('refused without a reason');
    return result.errors.join('\n');
  }
  if (result.points === 0) return '';
  const points = entries.read(result.entry).points();
  if (points.length !== result.points)
    throw new Error(`${result.points} points were read and ${points.length} decoded`);
  const text = points.map(formatPoint).join('\n');
  const again = entries
    .read(encodeEntry(points, 'db', 'rp'))
    .points()
    .map(formatPoint)
    .join('\n');
  if (again !== text) throw new Error(`encoded as ${JSON.stringify(again)} instead of ${JSON.stringify(text)}`);
  return text;
}

/**
 * Reads random bodies. None may crash the reader, a reader that has seen other bodies must read the same as a new one,
 * and what was read must survive encoding. Throws with the body that broke it.
 */
export const fuzz = {
  name: 'line protocol',
  run(inputs: number, seed: number): void {
    const next = generator(seed);
    const used = new LineProtocolReader({ series: 100, fields: 100 });
    const entries = new EntryReader({ maxSeries: 100 });
    for (let i = 0; i < inputs; i++) {
      const body = makeBody(next);
      const precision = PRECISIONS[next(PRECISIONS.length)]!;
      try {
        const first = outcome(used, entries, body, precision);
        const second = outcome(new LineProtocolReader(), new EntryReader(), body, precision);
        if (first !== second) throw new Error(`read as ${JSON.stringify(first)} and as ${JSON.stringify(second)}`);
      } catch (error) {
        throw new Error(`body ${JSON.stringify(body.toString('latin1'))}, precision ${precision}: ${String(error)}`, {
          cause: error,
        });
      }
    }
  },
};
