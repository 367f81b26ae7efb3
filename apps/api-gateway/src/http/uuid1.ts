import { randomBytes } from 'node:crypto';

const node = randomBytes(6);
// A random node id has its multicast bit set.
node[0]! |= 1;
let sequence = randomBytes(2).readUInt16BE() & 0x3fff;
let last = 0n;
/** 100 ns steps between 1582-10-15 and 1970-01-01. */
const OFFSET = 0x01b21dd213814000n;

/** A time-based UUID (version 1), as the original numbers its requests. */
export function uuid1(): string {
  let time = BigInt(Date.now()) * 10_000n + OFFSET;
  if (time <= last) time = last + 1n;
  last = time;
  const hex = time.toString(16).padStart(15, '0');
  sequence = (sequence + 1) & 0x3fff;
  const clock = (sequence | 0x8000).toString(16);
  return `${hex.slice(7)}-${hex.slice(3, 7)}-1${hex.slice(0, 3)}-${clock}-${node.toString('hex')}`;
}
