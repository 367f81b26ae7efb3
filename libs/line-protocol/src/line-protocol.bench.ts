// What reading line protocol and decoding entries cost: `npm run bench -- libs/line-protocol/src/line-protocol.bench.ts`.
import { EntryReader } from './entry-reader';
import { LineProtocolReader } from './line-protocol-reader';

const HOSTS = 1000;
const LINES = 5000;
const BODIES = 20;

interface Shape {
  /** Hosts in any order instead of in turn. */
  readonly shuffled?: boolean;
  /** Floats with all the digits that a double can have instead of three decimals. */
  readonly longFloats?: boolean;
  /** Points of two measurements, of which one has an int, a string and a bool too. */
  readonly mixed?: boolean;
}

/** Bodies of points with three tags and three floats. */
function makeBodies({ shuffled = false, longFloats = false, mixed = false }: Shape = {}): Buffer[] {
  let seed = 1;
  const random = () => (seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff) / 0x7fffffff;
  const bodies: Buffer[] = [];
  let number = 0;
  for (let b = 0; b < BODIES; b++) {
    let text = '';
    for (let i = 0; i < LINES; i++, number++) {
      const host = shuffled ? Math.floor(random() * HOSTS) : number % HOSTS;
      const fields = ['usage_idle', 'usage_system', 'usage_user']
        .map((name) => `${name}=${longFloats ? random() * 100 : (random() * 100).toFixed(3)}`)
        .join(',');
      const more = mixed && number % 2 === 0 ? `,count=${number}i,state="running",up=t` : '';
      const name = more === '' ? 'cpu' : 'service';
      text += `${name},cpu=cpu-total,host=h${host},region=us-west-${host % 4} ${fields}${more} ${1500000000 + Math.floor(number / HOSTS)}000000000\n`;
    }
    bodies.push(Buffer.from(text));
  }
  return bodies;
}

const options = { precision: 'n', now: 0n, db: 'telegraf', rp: 'autogen' } as const;

/** Runs for about as long as asked; nanoseconds per point, the median over the rounds. */
function measure(milliseconds: number, round: (body: number) => void): number {
  const until = performance.now() + milliseconds;
  const rounds: number[] = [];
  while (performance.now() < until) {
    const began = performance.now();
    for (let body = 0; body < BODIES; body++) round(body);
    rounds.push(((performance.now() - began) * 1e6) / (BODIES * LINES));
  }
  return rounds.sort((a, b) => a - b)[rounds.length >> 1]!;
}

function measureReading(milliseconds: number, shape: Shape): number {
  const bodies = makeBodies(shape);
  const reader = new LineProtocolReader();
  return measure(milliseconds, (body) => void reader.read(bodies[body]!, options));
}

/** Nanoseconds per point of each step between a request's bytes and a look at a value. */
function run(milliseconds: number): Record<string, number> {
  const bodies = makeBodies();
  const lines = new LineProtocolReader();
  const reader = new EntryReader();
  const entries = bodies.map((body) => {
    const result = lines.read(body, options);
    if ('errors' in result) throw new Error(result.errors[0]);
    return result.entry;
  });
  const unaligned = entries.map((entry) => {
    const buffer = Buffer.alloc(entry.length + 4);
    buffer.set(entry, 4);
    return buffer.subarray(4);
  });
  const above: Uint8Array = new Uint8Array(10_000);
  let sum = 0;
  const threshold = (entry: Uint8Array) => {
    const { blocks, series } = reader.read(entry);
    for (const block of blocks) {
      const values = block.column(block.layout.slot('usage_idle')) as Float64Array;
      const numbers = block.series;
      for (let row = 0; row < block.count; row++) {
        const isAbove = values[row]! > 99 ? 1 : 0;
        const { id } = series[numbers[row]!]!;
        if (above[id] !== isAbove) {
          above[id] = isAbove;
          sum++;
        }
      }
    }
  };
  return {
    'read and encode': measure(milliseconds, (body) => void lines.read(bodies[body]!, options)),
    'read and encode, any order': measureReading(milliseconds, { shuffled: true }),
    'read and encode, long floats': measureReading(milliseconds, { longFloats: true }),
    'read and encode, mixed': measureReading(milliseconds, { mixed: true }),
    'decode and threshold': measure(milliseconds, (body) => threshold(entries[body]!)),
    'decode unaligned and threshold': measure(milliseconds, (body) => threshold(unaligned[body]!)),
    'decode into points': measure(milliseconds, (body) => {
      reader.read(entries[body]!).forEach((block, row) => {
        sum += block.pointAt(row).values.length;
      });
    }),
    'bytes per point': entries[0]!.length / LINES,
    checksum: sum % 2,
  };
}

for (const [step, result] of Object.entries(run(800)))
  process.stdout.write(`${result.toFixed(1).padStart(8)} ${step}\n`);
