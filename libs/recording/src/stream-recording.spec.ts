import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Layout, nilGroup, Point, Tags, ZERO_TIME, type FieldValue } from '@supercap/data-model';
import { gunzipSync, gzipSync } from 'node:zlib';
import { compressStream, formatRecordedPoint, readStreamRecording } from './index';

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const compressed = async (text: string) => Buffer.concat(await collect(compressStream(each([Buffer.from(text)]))));

/** Reads a file that comes in pieces of this size. */
async function read(file: Uint8Array, size = 1000): Promise<Point[]> {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < file.length; at += size) pieces.push(file.subarray(at, at + size));
  return (await collect(readStreamRecording(each(pieces)))).flat();
}

const point = (
  db: string,
  measurement: string,
  tags: Record<string, string>,
  fields: Record<string, FieldValue>,
  time: bigint,
) => {
  const layout = Layout.of(Object.keys(fields));
  return new Point(
    measurement,
    db,
    'rp',
    nilGroup,
    Tags.from(tags),
    layout,
    layout.names.map((name) => fields[name]!),
    time,
  );
};

// A backslash before a separator cannot be told from its escape: line protocol has no way to write it.
const word = fc.string({
  minLength: 1,
  maxLength: 6,
  unit: fc.constantFrom('a', 'é', ' ', ',', '=', '\n', '"', '#', '7'),
});
const name = word.filter((text) => !/^[\s#]/.test(text) && text !== 'time');
const points = fc.array(
  fc
    .tuple(
      fc.constantFrom('d', '', 'e e'),
      name,
      fc.dictionary(name, word),
      fc.dictionary(
        name,
        fc.oneof(
          fc.double({ noNaN: true, noDefaultInfinity: true }),
          fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
          fc.boolean(),
          fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', ' ', ',', '=', 'ü') }),
        ),
        { minKeys: 1 },
      ),
      fc.oneof(fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }), fc.constant(ZERO_TIME)),
    )
    .map((parts) => point(...parts)),
  { maxLength: 12 },
);

describe('a stream recording', () => {
  it('is the text that others write, in one gzip member of an unknown system', async () => {
    const text = 'x\ny\ncpu,dc=x\\ y,host=a b=true,i=2i,s="a\\"b c",v=1 1795515893043453921\n';
    const file = await compressed(text);
    expect((await read(file)).map(formatRecordedPoint).join('')).toBe(text);
    expect(gunzipSync(file).toString()).toBe(text);
    expect(file.subarray(0, 10).toString('hex')).toBe('1f8b08000000000000ff');
  });

  it('comes back as it was, however it is cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(points, fc.integer({ min: 1, max: 50 }), async (written, size) => {
        const text = written.map(formatRecordedPoint).join('');
        const back = await read(gzipSync(text), size);
        expect(back.map(formatRecordedPoint).join('')).toBe(text);
        expect(back.length).toBe(written.length);
      }),
      { numRuns: 60 },
    );
  });

  it('may be of several gzip members, and lack the last newline', async () => {
    const file = Buffer.concat([gzipSync('d\nr\nm v=1 1\n'), gzipSync('d\nr\nm v=2 2')]);
    expect((await read(file)).map((p) => [p.db, p.rp, p.field('v'), p.time])).toEqual([
      ['d', 'r', 1, 1n],
      ['d', 'r', 2, 2n],
    ]);
  });

  it('gives a point without a time the zero time', async () => {
    expect((await read(gzipSync('d\nr\nm v=1\n')))[0]!.time).toBe(ZERO_TIME);
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'EOF'],
    ['an archive', Buffer.from('PK\u0003\u0004 and so on'), 'gzip: invalid header'],
    ['a part', gzipSync('d\nr\nm v=1 1\n'.repeat(100)).subarray(0, 30), 'unexpected EOF'],
    [
      'a wrong sum',
      gzipSync('d\nr\nm v=1 1\n').map((byte, i, all) => (i === all.length - 6 ? byte ^ 1 : byte)),
      'gzip: invalid checksum',
    ],
    ['two of three lines', gzipSync('d\nr\n'), 'invalid replay file format, expected another line'],
    ['one line', gzipSync('d'), 'invalid replay file format, expected another line'],
    ['an empty point', gzipSync('d\nr\n\n'), 'expected a point'],
    ['a bad point', gzipSync('d\nr\nm v\n'), "unable to parse 'm v'"],
  ])('that is %s is refused', async (_, file, message) => {
    await expect(read(file)).rejects.toThrow(message);
  });

  it('may hold a point of many megabytes, which takes no longer than its length', async () => {
    const long = 'x'.repeat(20_000_000);
    const [only] = await read(gzipSync(`d\nr\nm s="${long}" 1\n`), 10);
    expect(String(only!.field('s')).length).toBe(long.length);
  });

  it('does not hold databases that would break its lines', () => {
    expect(() => formatRecordedPoint(point('a\nb', 'm', {}, { v: 1 }, 1n))).toThrow('line break');
  });
});
