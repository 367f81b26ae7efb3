import { LineProtocolReader, precisionOf } from '@supercap/line-protocol';

const LINES = 5000;
const BODIES = 20;
const HOSTS = 1000;

/** As large as what agents send, with several times in one body: code is compiled for what it has seen. */
function madeUpBody(second: number): Buffer {
  const lines = Array.from({ length: LINES }, (_, n) => {
    const value = `${(n * 7) % 100}.${100 + (n % 900)}`;
    const fields = n % 50 === 0 ? `a=${value},b=${n}i,s="x",t=true` : `a=${value},b=${value},c=${value}`;
    const time = n % 500 === 1 ? '' : ` ${second + Math.floor(n / HOSTS)}000000000`;
    return `m,cpu=total,host=h${n % HOSTS},region=r${n % 4} ${fields}${time}`;
  });
  return Buffer.from(lines.join('\n'));
}

/**
 * Reads made-up lines, so that V8 has compiled the reader before the first write comes. Resolves to the points read;
 * nothing is kept and nothing is written.
 */
export async function warmUp(): Promise<number> {
  const reader = new LineProtocolReader();
  let points = 0;
  for (let i = 0; i < BODIES; i++) {
    const read = reader.read(madeUpBody(1_500_000_000 + i * (LINES / HOSTS)), {
      precision: precisionOf(undefined),
      now: 1_500_000_000_000_000_000n,
      db: 'd',
      rp: 'r',
    });
    if ('points' in read) points += read.points;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return points;
}
