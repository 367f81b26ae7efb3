import {
  DurationValue,
  type FieldValue,
  Layout,
  nilGroup,
  Point,
  Tags,
  TimeValue,
  ZERO_TIME,
} from '@supercap/data-model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeEntry } from './encode-entry';
import { EntryFormatError } from './entry-format';
import { EntryReader } from './entry-reader';
import { formatPoint } from './format-point';
import { LineProtocolReader } from './line-protocol-reader';
import { parsePoints } from './parse-points';

// Lone surrogates do not survive UTF-8; zero bytes are white space in line protocol.
const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((t) => !t.includes('\0'));
// A backslash at the end would escape what follows; line protocol has no way to write it.
const name = text.filter((t) => t !== '' && !t.endsWith('\\') && !/^[\s#,]/.test(t));
const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  text,
  fc.boolean(),
);
const time = fc.bigInt({ min: -(2n ** 63n) + 2n, max: 2n ** 63n - 2n });

function point(name: string, tags: [string, string][], fields: [string, FieldValue][], time: bigint): Point {
  const byName = new Map(fields);
  const layout = Layout.of(byName.keys());
  return new Point(
    name,
    'db',
    'rp',
    nilGroup,
    Tags.from(tags),
    layout,
    layout.names.map((n) => byName.get(n)!),
    time,
  );
}

const points = fc.array(
  fc
    .tuple(
      name,
      fc.array(fc.tuple(name, name), { maxLength: 4 }),
      fc.array(fc.tuple(name, value), { minLength: 1, maxLength: 5 }),
      time,
    )
    .map((parts) => point(...parts)),
  { maxLength: 20 },
);

const plain = (p: Point) => ({
  name: p.name,
  db: p.db,
  rp: p.rp,
  tags: p.tags.toObject(),
  fields: p.layout.names,
  values: p.values,
  time: p.time,
});

describe('entries', () => {
  it('give back the points that were encoded', () => {
    const reader = new EntryReader();
    fc.assert(
      fc.property(points, (points) => {
        const entry = reader.read(encodeEntry(points, 'db', 'rp'));
        expect(entry.points().map(plain)).toEqual(points.map(plain));
      }),
    );
  });

  it('give the same from memory that is not aligned', () => {
    const entry = encodeEntry(
      [
        point(
          'm',
          [['t', 'a']],
          [
            ['v', 1.5],
            ['s', 'x'],
          ],
          7n,
        ),
      ],
      'db',
      'rp',
    );
    const shifted = Buffer.alloc(entry.length + 3);
    shifted.set(entry, 3);
    const [first] = new EntryReader().read(shifted.subarray(3)).points();
    expect(formatPoint(first!)).toBe('m,t=a s="x",v=1.5 7');
  });

  it('keep durations, times, infinities and the zero time, and drop nulls', () => {
    const fields: [string, FieldValue][] = [
      ['d', new DurationValue(5n)],
      ['f', -Infinity],
      ['n', null],
      ['t', new TimeValue(9n)],
    ];
    const [first] = new EntryReader().read(encodeEntry([point('m', [], fields, ZERO_TIME)], '', '')).points();
    expect(first!.layout.names).toEqual(['d', 'f', 't']);
    expect(first!.values).toEqual([new DurationValue(5n), -Infinity, new TimeValue(9n)]);
    expect(first!.time).toBe(ZERO_TIME);
  });

  it('carry where points that a task wrote back come from', () => {
    const provenance = { task: 'tä sk', generation: 3, offset: '17-4', number: 2 };
    expect(new EntryReader().read(encodeEntry([], 'db', 'rp', provenance)).provenance).toEqual(provenance);
  });

  it('share series and layouts between entries', () => {
    const reader = new EntryReader();
    const write = () => reader.read(encodeEntry([point('m', [['t', 'a']], [['v', 1]], 1n)], 'db', 'rp'));
    const [a, b] = [write(), write()];
    expect(a.series[0]).toBe(b.series[0]);
    expect(a.blocks[0]!.layout).toBe(b.blocks[0]!.layout);
  });

  it('start over when there are too many series, with ids that are new', () => {
    const reader = new EntryReader({ maxSeries: 3 });
    const ids = new Set<number>();
    for (let i = 0; i < 10; i++) {
      const entry = reader.read(encodeEntry([point('m', [['t', `${i}`]], [['v', i]], 1n)], 'db', 'rp'));
      ids.add(entry.series[0]!.id);
    }
    expect(ids.size).toBe(10);
  });

  it('number more than 65,536 series and 256 blocks', () => {
    const many = Array.from({ length: 66_000 }, (_, i) => point('m', [['t', `${i}`]], [[`f${i % 300}`, i]], BigInt(i)));
    const entry = new EntryReader().read(encodeEntry(many, 'db', 'rp'));
    expect(entry.blocks.length).toBe(300);
    expect(entry.points().map((p) => `${p.tags.get('t')} ${p.layout.names[0]} ${p.values[0]} ${p.time}`)).toEqual(
      many.map((p) => `${p.tags.get('t')} ${p.layout.names[0]} ${p.values[0]} ${p.time}`),
    );
  });

  it('that are damaged are refused, never read beyond their end', () => {
    const good = encodeEntry(
      [
        point(
          'm',
          [['t', 'a']],
          [
            ['v', 1],
            ['s', 'xyz'],
          ],
          1n,
        ),
        point('n', [], [['v', 2n]], 2n),
      ],
      'db',
      'rp',
    );
    const reader = new EntryReader();
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, cut) => {
        for (const bytes of [good.slice(0, cut), Uint8Array.from(good, (b, i) => (i === at ? byte : b))]) {
          try {
            reader.read(bytes).points();
          } catch (error) {
            expect(error).toBeInstanceOf(EntryFormatError);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('line protocol', () => {
  it('reads back what formatPoint writes', () => {
    fc.assert(
      fc.property(points, (points) => {
        const read = parsePoints(points.map(formatPoint).join('\n'));
        expect(read.map((p) => ({ ...plain(p), db: 'db', rp: 'rp' }))).toEqual(points.map(plain));
      }),
    );
  });

  it('never crashes on any bytes, and reads them the same way twice', () => {
    const reader = new LineProtocolReader();
    const options = { precision: 'n', now: 1n, db: '', rp: '' } as const;
    const pieces = fc.constantFrom(
      'm',
      'cpu,host=a',
      ' ',
      ',',
      '=',
      '"',
      '\\',
      '\n',
      '\r',
      '#',
      'v=1',
      '1i',
      't',
      '-',
      '.',
      'e',
      '1500000000',
      '\0',
      'ü',
      'v="x"',
    );
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc.array(pieces, { maxLength: 30 }).map((parts) => Uint8Array.from(Buffer.from(parts.join('')))),
    );
    fc.assert(
      fc.property(body, (bytes) => {
        const first = reader.read(bytes, options);
        expect(reader.read(bytes, options)).toEqual(first);
        expect(new LineProtocolReader().read(bytes, options)).toEqual(first);
        if ('entry' in first && first.points > 0)
          expect(new EntryReader().read(first.entry).points().length).toBe(first.points);
      }),
      { numRuns: 3000 },
    );
  });

  it('leaves out what it cannot carry', () => {
    expect(
      formatPoint(
        point(
          'm',
          [],
          [
            ['a', NaN],
            ['b', null],
          ],
          1n,
        ),
      ),
    ).toBe('');
    expect(
      formatPoint(
        point(
          'm',
          [['e', '']],
          [
            ['a', Infinity],
            ['b', 1n],
          ],
          ZERO_TIME,
        ),
      ),
    ).toBe('m b=1i');
  });
});
