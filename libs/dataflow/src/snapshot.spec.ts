import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { framed, piecesOf } from './snapshot';

const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));

describe('the parts of a snapshot', () => {
  it('give the same pieces wherever they were cut', () => {
    fc.assert(
      fc.property(fc.array(bytes), fc.array(fc.nat({ max: 400 })), (pieces, cuts) => {
        const whole = Buffer.concat(pieces.flatMap(framed));
        const places = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).sort((a, b) => a - b), whole.length];
        const parts = places.slice(1).map((end, i) => whole.subarray(places[i], end));
        expect([...piecesOf(parts)]).toEqual(pieces.filter(({ length }) => length > 0));
      }),
    );
  });

  it('are refused when the end is missing', () => {
    const [head, piece] = framed(Buffer.from('state')) as [Buffer, Buffer];
    for (const cut of [[head], [head, piece.subarray(0, 3)], [head.subarray(0, 2)]])
      expect(() => [...piecesOf(cut)]).toThrow('the snapshot is cut off');
  });
});
