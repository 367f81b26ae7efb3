import { LineProtocolReader, precisionOf } from '@supercap/line-protocol';
import { LogFullError, LogUnavailableError, type PointLog } from '@supercap/point-log';
import { HttpError } from '@supercap/transport';
import type { BodyLimits, LentBody } from '../http/body';
import { noContent, type Exchange, type Handler, type Reply } from '../http/exchange';

export interface WriteFigures {
  written(points: number, bytes: number): void;
  refused(reason: 'syntax' | 'full' | 'unavailable' | 'request'): void;
}

export interface WriteOptions {
  readonly limits: BodyLimits;
  readonly defaultRetentionPolicy: string;
  /** Of a database or retention policy. */
  readonly nameBytes: number;
  readonly figures: WriteFigures;
  /** Nanoseconds since the epoch, for points without a time of their own. */
  now(): bigint;
}

const RETRY = { 'Retry-After': '1' };

const text = (status: number, body: string, headers?: Readonly<Record<string, string>>): Reply => ({
  status,
  body: `${body}\n`,
  ...(headers && { headers }),
});

/** `POST /write`: line protocol into the write log. 204 is answered when the log has it on disk. */
export function writeHandler(log: Pick<PointLog, 'append'>, options: WriteOptions): Handler {
  const reader = new LineProtocolReader();
  const { figures } = options;

  return async (exchange: Exchange): Promise<Reply> => {
    let body: LentBody;
    try {
      body = await exchange.lend(options.limits);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      figures.refused('request');
      return text(error.status, error.message, error.status === 503 ? RETRY : undefined);
    }
    const { query } = exchange;
    const db = query.get('db');
    const rp = query.get('rp') ?? options.defaultRetentionPolicy;
    const bytes = body.bytes.length;
    const read = reader.read(body.bytes, {
      precision: precisionOf(query.get('precision')),
      now: options.now(),
      db: db ?? '',
      rp,
    });
    // The entry is a copy: the body may serve the next request while this one waits for the log.
    body.giveBack();
    if ('errors' in read) {
      figures.refused('syntax');
      return text(400, read.errors.join('\n'));
    }
    if (db === undefined) {
      figures.refused('request');
      return text(400, 'database is required');
    }
    if (read.points === 0) return noContent;
    const nameBytes = Math.max(Buffer.byteLength(db), Buffer.byteLength(rp));
    if (nameBytes > options.nameBytes) {
      figures.refused('request');
      return text(400, `name of ${nameBytes} bytes is longer than the limit of ${options.nameBytes}`);
    }
    try {
      await log.append(read.entry);
    } catch (error) {
      if (error instanceof LogFullError) figures.refused('full');
      else if (error instanceof LogUnavailableError) figures.refused('unavailable');
      else throw error;
      return text(503, error.message, RETRY);
    }
    figures.written(read.points, bytes);
    return noContent;
  };
}
