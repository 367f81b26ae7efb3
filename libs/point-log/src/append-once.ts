import type { Redis } from 'ioredis';
import type { LogOffset } from './log-offset';

/** Where in the log a task was when it wrote an entry back, and the number of that entry there. */
export interface SourcePosition {
  readonly offset: LogOffset;
  readonly number: number;
}

// One step in Redis: the check and the append cannot be torn apart by a crash. Positions are compared as the parts of an
// offset and the number, each padded to twenty digits.
const SCRIPT = `
local last = redis.call('HGET', KEYS[2], ARGV[1])
if last and last >= ARGV[2] then return 0 end
redis.call('XADD', KEYS[1], '*', 'e', ARGV[3])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
return 1
`;

const pad = (digits: string) => digits.padStart(20, '0');

export async function appendOnce(
  redis: Redis,
  stream: string,
  sources: string,
  entry: Buffer,
  source: string,
  { offset, number }: SourcePosition,
): Promise<void> {
  const position = [...offset.split('-'), String(number)].map(pad).join('-');
  await redis.eval(SCRIPT, 2, stream, sources, source, position, entry);
}

export async function forgetSources(redis: Redis, sources: string, prefix: string): Promise<void> {
  const pattern = `${prefix.replace(/[\\*?[\]]/g, '\\$&')}*`;
  let cursor = '0';
  do {
    const [next, found] = await redis.hscan(sources, cursor, 'MATCH', pattern, 'COUNT', 500);
    cursor = next;
    const names = found.filter((_, i) => i % 2 === 0);
    if (names.length > 0) await redis.hdel(sources, ...names);
  } while (cursor !== '0');
}
