import { type Point, ZERO_TIME } from '@supercap/data-model';
import { EntryReader } from './entry-reader';
import { NO_TIME } from './entry-format';
import { LineProtocolReader } from './line-protocol-reader';
import type { Precision } from './precision';

/** Text that is not line protocol; the message has one line per bad line. */
export class LineProtocolError extends Error {
  constructor(readonly errors: readonly string[]) {
    super(errors.join('\n'));
    this.name = 'LineProtocolError';
  }
}

export interface ParseOptions {
  readonly precision?: Precision;
  /** The time of points that have none; the zero time if left out. */
  readonly now?: bigint;
  readonly db?: string;
  readonly rp?: string;
}

/** Reads text into points, for recordings, replays and tests. One of it serves any number of texts. */
export class PointParser {
  private readonly lines = new LineProtocolReader();
  private readonly entries = new EntryReader();

  /** Throws LineProtocolError. */
  parse(text: string | Uint8Array, options: ParseOptions = {}): Point[] {
    const { precision = 'n', now = ZERO_TIME, db = '', rp = '' } = options;
    const body = typeof text === 'string' ? Buffer.from(text) : text;
    const result = this.lines.read(body, { precision, now: now < NO_TIME ? NO_TIME : now, db, rp });
    if ('errors' in result) throw new LineProtocolError(result.errors);
    return result.points === 0 ? [] : this.entries.read(result.entry).points();
  }
}

/** Reads text into points. Throws LineProtocolError. */
export function parsePoints(text: string | Uint8Array, precision: Precision = 'n', now: bigint = ZERO_TIME): Point[] {
  return new PointParser().parse(text, { precision, now });
}
