import { EntryReader } from '@supercap/line-protocol';
import { LogFullError, LogUnavailableError } from '@supercap/point-log';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Exchange, type Reply } from '../http/exchange';
import { Query } from '../http/query';
import { writeHandler } from './write-handler';

const LIMIT = 1000;

/** A gateway over a log that takes what it is given, or fails. */
function gateway(failure?: Error) {
  const entries: Uint8Array[] = [];
  const refusals: string[] = [];
  let written = { points: 0, bytes: 0 };
  const log = {
    append: async (entry: Uint8Array) => {
      if (failure !== undefined) throw failure;
      entries.push(entry);
      return '1-0' as const;
    },
  };
  const handle = writeHandler(log, {
    limits: { bytes: LIMIT, inflatedBytes: LIMIT },
    defaultRetentionPolicy: 'autogen',
    nameBytes: 10,
    figures: {
      written: (points, bytes) => void (written = { points: written.points + points, bytes: written.bytes + bytes }),
      refused: (reason) => void refusals.push(reason),
    },
    now: () => 7n,
  });
  const write = async (query: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Reply> => {
    const bytes = Buffer.from(body);
    const request = Object.assign(Readable.from(bytes.length === 0 ? [] : [bytes]), {
      headers: { 'content-length': String(bytes.length), ...headers },
      complete: true,
    }) as unknown as IncomingMessage;
    return handle(new Exchange('POST', '/write', new Query(query), request, { bytes: 1, inflatedBytes: 1 }, ''));
  };
  /** What the log holds, as text. */
  const points = () =>
    entries.map((bytes) => {
      const entry = new EntryReader().read(bytes);
      return [entry.db, entry.rp, entry.count];
    });
  return { write, points, refusals, written: () => written };
}

describe('a write', () => {
  it('is in the log when it is acknowledged', async () => {
    const { write, points, written } = gateway();
    expect(await write('db=d&rp=r&precision=s', 'm v=1 1\nm v=2 2\n')).toMatchObject({ status: 204 });
    expect(points()).toEqual([['d', 'r', 2]]);
    expect(written()).toEqual({ points: 2, bytes: 16 });
  });

  it('without a retention policy goes to the configured one', async () => {
    const { write, points } = gateway();
    await write('db=d', 'm v=1');
    await write('db=d&rp=', 'm v=1');
    expect(points()).toEqual([
      ['d', 'autogen', 1],
      ['d', 'autogen', 1],
    ]);
  });

  it('with a bad line is refused as a whole, a line of text for each bad one', async () => {
    const { write, points, refusals } = gateway();
    const { status, body } = await write('db=d', 'm v=1\nbad\nm v=\n');
    expect([status, body]).toEqual([
      400,
      "unable to parse 'bad': missing fields\nunable to parse 'm v=': missing field value\n",
    ]);
    expect(points()).toEqual([]);
    expect(refusals).toEqual(['syntax']);
  });

  it('needs a database, which is checked after the lines', async () => {
    const { write } = gateway();
    expect((await write('', 'bad')).body).toBe("unable to parse 'bad': missing fields\n");
    expect(await write('db=', 'm v=1')).toMatchObject({ status: 400, body: 'database is required\n' });
  });

  it.each(['', '\n', '# a comment\n'])('of no points (%j) is fine and leaves nothing in the log', async (body) => {
    const { write, points } = gateway();
    expect(await write('db=d', body)).toMatchObject({ status: 204 });
    expect(points()).toEqual([]);
  });

  it('may be compressed, up to a limit of what it inflates to', async () => {
    const { write, points } = gateway();
    const gzip = { 'content-encoding': 'gzip' };
    expect(await write('db=d', gzipSync('m v=1'), gzip)).toMatchObject({ status: 204 });
    expect(points()).toEqual([['d', 'autogen', 1]]);
    expect(await write('db=d', gzipSync(Buffer.alloc(5000, '\n')), gzip)).toMatchObject({ status: 413 });
    expect(await write('db=d', 'm v=1', gzip)).toMatchObject({ status: 400, body: 'gzip: invalid header\n' });
  });

  it('that is too large, or names too much, is refused', async () => {
    const { write, points, refusals } = gateway();
    expect(await write('db=d', Buffer.alloc(LIMIT + 1, '\n'))).toMatchObject({ status: 413 });
    expect(await write(`db=${'d'.repeat(11)}`, 'm v=1')).toMatchObject({
      status: 400,
      body: 'name of 11 bytes is longer than the limit of 10\n',
    });
    expect(points()).toEqual([]);
    expect(refusals).toEqual(['request', 'request']);
  });

  it.each([
    [new LogFullError('9 of 8 bytes'), 'full', 'the write log is full: 9 of 8 bytes\n'],
    [new LogUnavailableError('no connection'), 'unavailable', 'the write log is unavailable: no connection\n'],
  ])('is to be sent again when the log cannot take it: %s', async (failure, reason, body) => {
    const { write, refusals } = gateway(failure);
    expect(await write('db=d', 'm v=1')).toMatchObject({ status: 503, body, headers: { 'Retry-After': '1' } });
    expect(refusals).toEqual([reason]);
  });

  it('keeps nothing of one body in the next', async () => {
    const { write, points } = gateway();
    await write('db=d', 'm v=1\nm v=2\nm v=3\n');
    await write('db=d', 'm v=4\n');
    expect(points().map(([, , count]) => count)).toEqual([3, 1]);
  });
});
