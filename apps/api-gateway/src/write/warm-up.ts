import { LineProtocolReader, precisionOf } from '@supercap/line-protocol';

const LINES = 1000;
const BODIES = 40;

/**
 * Reads made-up lines, so that V8 has compiled the reader before the first write comes. Resolves to the points read;
 * nothing is kept and nothing is written.
 */
export async function warmUp(): Promise<number> {
  const reader = new LineProtocolReader();
  let points = 0;
  for (let i = 0; i < BODIES; i++) {
    const lines = Array.from(
      { length: LINES },
      (_, n) =>
        `m,host=h${n % 500},region=r${n % 4} a=${(n * 7) % 1000}.25,b=${n}i,s="x" ${1_500_000_000 + i}000000000`,
    );
    const read = reader.read(Buffer.from(lines.join('\n')), {
      precision: precisionOf(undefined),
      now: 0n,
      db: 'd',
      rp: 'r',
    });
    if ('points' in read) points += read.points;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return points;
}
