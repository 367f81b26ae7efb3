/**
 * A write entry, version 1. All numbers are little-endian; every section starts at a multiple of eight bytes.
 *
 *   header      twelve u32, see `Header`
 *   texts       database, retention policy, provenance (JSON, may be empty), one after the other
 *   series      u32 length of each key; then the keys, each filled up with zeros to a multiple of four bytes
 *   order       only with more than one block: the number of the block that the point is in, for each point (u8, u16 or u32)
 *   blocks      u32 rows, u32 columns, u32 bytes of schema, u32 0;
 *               schema: JSON of [measurement, kinds as digits, field names], names sorted by UTF-16 code units;
 *               series numbers of the rows (u16, or u32 with more than 65,536 series);
 *               times (int64 ns); then the columns: float64, int64, one byte per bool, or for strings
 *               u32 end of each value and the UTF-8 bytes
 *
 * A key is the measurement and then name and value of each tag, sorted by name, in UTF-8, each but the last followed by
 * the byte 0xff, which UTF-8 never uses.
 */
export const MAGIC = 0x31_45_43_53; // "SCE1"

export const Header = {
  magic: 0,
  byteLength: 1,
  count: 2,
  series: 3,
  blocks: 4,
  flags: 5,
  db: 6,
  rp: 7,
  provenance: 8,
  /** Bytes of the keys together, the fill included. */
  keys: 9,
} as const;
export const HEADER_BYTES = 48;
export const BLOCK_HEADER_BYTES = 16;

export const Flag = {
  /** Series numbers are u32. */
  wideSeries: 1,
  /** `NO_TIME` stands for the zero time somewhere in the entry. */
  zeroTimes: 2,
} as const;

/** The smallest int64 stands for the zero time, which nanoseconds in 64 bits cannot express. */
export const NO_TIME = -0x8000_0000_0000_0000n;

/** Bytes per point of the order section. */
export function orderWidth(blocks: number): 0 | 1 | 2 | 4 {
  if (blocks <= 1) return 0;
  return blocks <= 0x100 ? 1 : blocks <= 0x1_0000 ? 2 : 4;
}

export const aligned = (length: number) => (length + 7) & ~7;

/** Where points come from that a task wrote back itself: readers keep the highest number that they saw per source. */
export interface Provenance {
  readonly task: string;
  readonly generation: number;
  /** Offset of the entry in the log that the task was reading. */
  readonly offset: string;
  /** Number within that entry. */
  readonly number: number;
}

/** The bytes are not an entry of a version that can be read here. */
export class EntryFormatError extends Error {
  constructor(message: string) {
    super(`write entry: ${message}`);
    this.name = 'EntryFormatError';
  }
}
