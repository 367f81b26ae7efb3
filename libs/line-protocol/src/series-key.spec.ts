import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSeriesKey, encodePlainKey, encodeSeriesKey, parseSeriesKey } from './series-key';

const encode = (text: string): Buffer | string => {
  const bytes = Buffer.from(text);
  const parsed = parseSeriesKey(bytes, 0, bytes.length);
  return typeof parsed === 'string' ? parsed : Buffer.from(encodeSeriesKey(parsed.name, parsed.tags));
};

const plain = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(`  ${text} v=1`);
  const target = Buffer.alloc(Buffer.byteLength(text));
  return encodePlainKey(bytes, 2, 2 + target.length, target) ? target : undefined;
};

describe('series keys', () => {
  it('are the same bytes whether they are made from the text or from its parts', () => {
    const piece = fc.constantFrom('m', 'a', 'ab', 'b', 'host', '1', ',', ',', '=', '=', '\\', ' ', 'ü', '-');
    const wellFormed = fc
      .tuple(
        fc.constantFrom('m', 'm=x'),
        fc.uniqueArray(fc.constantFrom('a', 'ab', 'b', 'host', 'z-1'), { maxLength: 4 }),
      )
      .map(([name, keys]) => [name, ...keys.map((key) => `${key}=v${key}`)].join(','));
    fc.assert(
      fc.property(
        fc.oneof(
          wellFormed,
          fc.array(piece, { minLength: 1, maxLength: 10 }).map((parts) => parts.join('')),
        ),
        (text) => {
          const fast = plain(text);
          if (fast !== undefined) expect(fast).toEqual(encode(text));
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('take the short way when tags are plain and in order, and only then', () => {
    expect(plain('cpu,cpu=total,host=a,hosts=b')).toBeDefined();
    for (const text of [
      'cpu,host=a,cpu=total',
      'cpu,host=ä',
      'cpu,host=a\\ b',
      'cpu,a=1,a=2',
      'cpu,a=',
      'cpu,a',
      'cpu,',
      ',a=1',
      'cpu,a=b=c',
      'cpu,hosts=a,host=b',
    ]) {
      expect(plain(text)).toBeUndefined();
    }
  });

  it('give back their parts', () => {
    for (const text of ['m', 'm,a=1,b=2', 'm\\ x,ä=ö\\,ü']) {
      const bytes = Buffer.from(text);
      const parsed = parseSeriesKey(bytes, 0, bytes.length);
      if (typeof parsed === 'string') throw new Error(parsed);
      const key = Buffer.from(encodeSeriesKey(parsed.name, parsed.tags));
      expect(decodeSeriesKey(key, 0, key.length)).toEqual([parsed.name, ...[...parsed.tags.entries()].flat()]);
    }
  });
});
