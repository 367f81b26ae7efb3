import type { Point } from '@supercap/data-model';
import { formatPoint, PointParser } from '@supercap/line-protocol';
import { createGunzip, createGzip } from 'node:zlib';
import { RecordingFormatError } from './errors';
import { GroupSplitter, type PointText } from './stream-groups';

/** The text of a point in a stream recording; empty when line protocol cannot hold it. */
export function formatRecordedPoint(point: Point): string {
  const line = formatPoint(point);
  if (line === '') return '';
  if (point.db.includes('\n') || point.rp.includes('\n')) {
    throw new RecordingFormatError('a database or retention policy with a line break in its name cannot be recorded');
  }
  return `${point.db}\n${point.rp}\n${line}\n`;
}

/** Compresses the text of a stream recording into one gzip member, in the form that other implementations write. */
export async function* compressStream(text: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const gzip = createGzip();
  const feeding = feed(text, gzip);
  let isFirst = true;
  for await (const chunk of gzip as AsyncIterable<Buffer>) {
    // "Made by an unknown system": the same bytes wherever it is written.
    if (isFirst && chunk.length >= 10) chunk[9] = 0xff;
    isFirst = false;
    yield chunk;
  }
  await feeding;
}

/** The points of a stream recording, in lists as they are read. Throws RecordingFormatError or LineProtocolError. */
export async function* readStreamRecording(file: AsyncIterable<Uint8Array>): AsyncGenerator<Point[]> {
  const splitter = new GroupSplitter();
  const parser = new PointParser();
  for await (const piece of decompress(file)) {
    const groups = splitter.push(piece);
    if (groups.length > 0) yield parseGroups(parser, groups);
  }
  const last = splitter.end();
  if (last.length > 0) yield parseGroups(parser, last);
}

const NEWLINE = Buffer.from('\n');

function parseGroups(parser: PointParser, groups: readonly PointText[]): Point[] {
  const points: Point[] = [];
  let from = 0;
  while (from < groups.length) {
    const { db, rp } = groups[from]!;
    let to = from + 1;
    while (to < groups.length && groups[to]!.db === db && groups[to]!.rp === rp) to++;
    const lines = groups.slice(from, to).flatMap(({ line }) => [line, NEWLINE]);
    const parsed = parser.parse(Buffer.concat(lines), { db, rp });
    if (parsed.length !== to - from) throw new RecordingFormatError('invalid replay file format, expected a point');
    for (const point of parsed) points.push(point);
    from = to;
  }
  return points;
}

async function* decompress(file: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const counted = { bytes: 0 };
  const feeding = feed(file, gunzip, counted);
  try {
    for await (const piece of gunzip as AsyncIterable<Buffer>) yield piece;
    await feeding;
  } catch (error) {
    await feeding.catch(() => undefined);
    throw zlibError(error, counted.bytes);
  } finally {
    gunzip.destroy();
  }
}

async function feed(
  source: AsyncIterable<Uint8Array>,
  target: NodeJS.WritableStream & { readonly destroyed?: boolean; destroy(error?: Error): unknown },
  counted = { bytes: 0 },
): Promise<void> {
  try {
    for await (const piece of source) {
      if (target.destroyed) return;
      counted.bytes += piece.length;
      if (!target.write(piece)) await drained(target);
    }
    target.end();
  } catch (error) {
    target.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

function drained(target: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const event of ['drain', 'close', 'error']) target.off(event, done);
      resolve();
    };
    for (const event of ['drain', 'close', 'error']) target.on(event, done);
  });
}

/** What zlib says, in the words that clients know. */
function zlibError(error: unknown, bytes: number): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'Z_BUF_ERROR') return new RecordingFormatError(bytes === 0 ? 'EOF' : 'unexpected EOF');
  if (error.code !== 'Z_DATA_ERROR') return error;
  if (error.message === 'incorrect header check') return new RecordingFormatError('gzip: invalid header');
  if (/incorrect (data|length) check/.test(error.message)) return new RecordingFormatError('gzip: invalid checksum');
  return new RecordingFormatError(`gzip: corrupt input: ${error.message}`);
}
