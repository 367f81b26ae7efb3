import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LogFullError, LogUnavailableError, OffsetTrimmedError } from './errors';
import { compareOffsets, LOG_START, type LogOffset } from './log-offset';
import type { LogEntry, ReadOptions } from './log-tail';
import { PointLog, type PointLogOptions } from './point-log';
import { hasRedisServer, RedisProcess } from './redis-process';

const bytes = (text: string) => Buffer.from(text);
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const available = hasRedisServer();

// These tests stop and kill the server, so they need one of their own.
describe.skipIf(!available)(
  `the write log${available ? '' : ' (skipped: there is no redis-server in the PATH)'}`,
  () => {
    let redis: RedisProcess;
    const logs: PointLog[] = [];
    let prefixes = 0;

    beforeAll(async () => {
      redis = await RedisProcess.start();
    });
    afterEach(async () => {
      for (const log of logs.splice(0)) await log.close();
    });
    afterAll(() => redis.remove());

    function open(options: Partial<PointLogOptions> = {}): PointLog {
      const log = new PointLog({ redis: redis.url, prefix: `log${prefixes++}`, ...options });
      logs.push(log);
      return log;
    }

    async function collect(
      log: PointLog,
      from: LogOffset,
      count: number,
      options: ReadOptions = {},
    ): Promise<LogEntry[]> {
      const found: LogEntry[] = [];
      for await (const entries of log.readFrom(from, { blockMs: 100, ...options })) {
        found.push(...entries);
        if (found.length >= count) break;
      }
      return found;
    }

    it('reads about a megabyte at a time, however large the entries are', async () => {
      const log = open();
      const large = Buffer.alloc(300_000, 'x');
      for (let i = 0; i < 40; i++) await log.append(large);
      const sizes: number[] = [];
      for await (const entries of log.readFrom(LOG_START, { blockMs: 100, count: 256 })) {
        sizes.push(entries.length);
        if (sizes.reduce((sum, size) => sum + size, 0) === 40) break;
      }
      // How large they are is only known when the first ones are there.
      expect(Math.max(...sizes.slice(1))).toBeLessThanOrEqual(4);
    });

    it('gives entries back in order, with the offsets that appending answered', async () => {
      const log = open();
      const offsets: LogOffset[] = [];
      const reading = collect(log, LOG_START, 200);
      for (let i = 0; i < 200; i += 20) {
        offsets.push(...(await Promise.all(Array.from({ length: 20 }, (_, j) => log.append(bytes(`e${i + j}`))))));
      }
      const found = await reading;
      expect(found.map(({ entry }) => entry.toString())).toEqual(Array.from({ length: 200 }, (_, i) => `e${i}`));
      expect(found.map(({ offset }) => offset)).toEqual(offsets);
      expect([...offsets].sort(compareOffsets)).toEqual(offsets);
    });

    it('keeps bytes as they are', async () => {
      const log = open();
      const all = Uint8Array.from({ length: 256 }, (_, i) => i);
      await log.append(all.subarray(3));
      const [first] = await log.range(LOG_START, '+', 10);
      expect([...first!.entry]).toEqual([...all.subarray(3)]);
    });

    it('reads from the tail what is appended afterwards', async () => {
      const log = open();
      expect(await log.tail()).toBe(LOG_START);
      await log.append(bytes('before'));
      const tail = await log.tail();
      await log.append(bytes('after'));
      expect((await collect(log, tail, 1)).map(({ entry }) => entry.toString())).toEqual(['after']);
    });

    it('gives ranges after an offset up to another', async () => {
      const log = open();
      const offsets = [];
      for (let i = 0; i < 5; i++) offsets.push(await log.append(bytes(`e${i}`)));
      const range = async (...args: [LogOffset, LogOffset | '+', number]) =>
        (await log.range(...args)).map(({ entry }) => entry.toString());
      expect(await range(offsets[0]!, offsets[3]!, 10)).toEqual(['e1', 'e2', 'e3']);
      expect(await range(offsets[0]!, '+', 2)).toEqual(['e1', 'e2']);
      expect(await range(offsets[4]!, '+', 2)).toEqual([]);
    });

    it('keeps partitions apart', async () => {
      const log = open({ partitions: 2 });
      await log.append(bytes('zero'), 0);
      await log.append(bytes('one'), 1);
      expect((await log.range(LOG_START, '+', 9, 1)).map(({ entry }) => entry.toString())).toEqual(['one']);
      await expect(log.append(bytes('two'), 2)).rejects.toThrow('partition 2 is not one of 2');
    });

    it('takes what a source wrote back once, however often its stretch is read', async () => {
      const log = open();
      const write = (text: string, source: string, offset: LogOffset, number: number) =>
        log.appendOnce(bytes(text), source, { offset, number });
      await write('a', 'task/1', '9-0', 1);
      await write('b', 'task/1', '9-0', 2);
      await write('again b', 'task/1', '9-0', 2);
      await write('again a', 'task/1', '9-0', 1);
      await write('c', 'task/1', '10-0', 1);
      await write('other', 'task/2', '9-0', 1);
      await log.forgetSources('task/1');
      await write('new run', 'task/1', '9-0', 1);
      await write('again other', 'task/2', '9-0', 1);
      await log.appendOnce(bytes('no position'), 'task/1', undefined);
      const texts = (await log.range(LOG_START, '+', 99)).map(({ entry }) => entry.toString());
      expect(texts).toEqual(['a', 'b', 'c', 'other', 'new run', 'no position']);
    });

    it('trims exactly, keeps the tail, and tells a reader whose entries are gone', async () => {
      const log = open();
      const offsets = await Promise.all(Array.from({ length: 500 }, (_, i) => log.append(bytes(`e${i}`))));
      expect(await log.trim(offsets[300]!)).toBe(300);
      expect((await log.size()).entries).toBe(200);
      expect((await collect(log, offsets[300]!, 1))[0]!.entry.toString()).toBe('e301');
      await expect(log.checkOffset(offsets[300]!)).resolves.toBeUndefined();
      await expect(log.checkOffset(offsets[299]!)).rejects.toThrow(OffsetTrimmedError);
      await expect(collect(log, offsets[100]!, 1)).rejects.toThrow(OffsetTrimmedError);
      await expect(collect(log, LOG_START, 1)).rejects.toThrow(OffsetTrimmedError);
      expect(await log.tail()).toBe(offsets[499]);
    });

    it('ends a reader when its signal is aborted or the log closed', async () => {
      const log = open();
      const abort = new AbortController();
      const first = collect(log, LOG_START, 1, { signal: abort.signal, blockMs: 10_000 });
      const second = collect(log, LOG_START, 1, { blockMs: 10_000 });
      await sleep(100);
      abort.abort();
      expect(await first).toEqual([]);
      await log.close();
      expect(await second).toEqual([]);
    });

    it('refuses appends above its limit until something is trimmed', async () => {
      const log = open({ maxBytes: 300_000 });
      const failures: string[] = [];
      const entry = Buffer.alloc(20_000);
      const append = () => log.append(entry).catch((error: unknown) => failures.push((error as Error).name));
      for (let i = 0; i < 40; i++) await append();
      expect(failures.length).toBeGreaterThan(20);
      expect(new Set(failures)).toEqual(new Set(['LogFullError']));
      await log.trim(await log.tail());
      await expect
        .poll(
          () =>
            log.append(entry).then(
              () => 'taken',
              () => 'refused',
            ),
          { timeout: 3000 },
        )
        .toBe('taken');
    });

    it('says that it is full when Redis has no memory left, and can still be read and trimmed', async () => {
      const small = await RedisProcess.start('--maxmemory', '32mb');
      try {
        const log = open({ redis: small.url });
        const entry = Buffer.alloc(1024 * 1024, 1);
        const fill = async () => {
          for (let i = 0; i < 100; i++) await log.append(entry);
        };
        await expect(fill()).rejects.toThrow(LogFullError);
        expect((await log.range(LOG_START, '+', 1)).length).toBe(1);
        await log.trim(await log.tail());
        await expect(log.append(entry)).resolves.toMatch(/^\d+-\d+$/);
      } finally {
        await small.remove();
      }
    });

    it(
      'neither loses nor repeats an acknowledged entry when Redis is killed under load',
      { timeout: 30_000 },
      async () => {
        const log = open({ waitMs: 100 });
        const acknowledged = new Map<LogOffset, string>();
        const seen: LogEntry[] = [];
        const abort = new AbortController();
        const reader = (async () => {
          for await (const entries of log.readFrom(LOG_START, { signal: abort.signal, blockMs: 100 }))
            seen.push(...entries);
        })();
        let running = true;
        let next = 0;
        const failures: unknown[] = [];
        const writer = async () => {
          while (running) {
            const text = `e${next++}-${'x'.repeat(500)}`;
            try {
              acknowledged.set(await log.append(bytes(text)), text);
            } catch (error) {
              failures.push(error);
              await sleep(5);
            }
          }
        };
        const writers = Array.from({ length: 16 }, writer);
        for (let round = 0; round < 3; round++) {
          await sleep(150);
          await redis.kill();
          await redis.start();
        }
        await sleep(300);
        running = false;
        await Promise.all(writers);
        const tail = await log.tail();
        await expect.poll(() => seen.at(-1)?.offset, { timeout: 5000 }).toBe(tail);
        abort.abort();
        await reader;
        expect(failures.length).toBeGreaterThan(0);
        expect(failures.every((error) => error instanceof LogUnavailableError)).toBe(true);
        const offsets = seen.map(({ offset }) => offset);
        expect([...new Set(offsets)].sort(compareOffsets)).toEqual(offsets);
        const read = new Map(seen.map(({ offset, entry }) => [offset, entry.toString()]));
        for (const [offset, text] of acknowledged) expect(read.get(offset)).toBe(text);
        // Written and not acknowledged is possible; written twice is not.
        expect(new Set(read.values()).size).toBe(read.size);
        await log.trim(tail);
      },
    );

    it('waits a little for a connection, and says that it is unavailable when there is none', async () => {
      const log = open({ waitMs: 300, maxPendingBytes: 10 });
      await log.append(bytes('a'));
      await redis.kill();
      await expect(log.append(bytes('b'))).rejects.toThrow(LogUnavailableError);
      const waiting = log.append(bytes('c'.repeat(10)));
      await expect(log.append(bytes('d'))).rejects.toThrow('too many writes wait');
      await expect(waiting).rejects.toThrow(LogUnavailableError);
      await redis.start();
      await expect
        .poll(
          () =>
            log.append(bytes('e')).then(
              () => 'taken',
              () => 'refused',
            ),
          { timeout: 3000 },
        )
        .toBe('taken');
    });

    it('reads on, from where it was, when Redis was silent for so long that the connection counts as dead', async () => {
      const errors: string[] = [];
      const log = open({ hooks: { connectionError: ({ message }) => errors.push(message) } });
      await log.append(bytes('a'));
      const reading = collect(log, LOG_START, 3, { blockMs: 10 });
      await sleep(200);
      redis.signal('SIGSTOP');
      await sleep(6_000);
      redis.signal('SIGCONT');
      for (const entry of ['b', 'c']) await log.append(bytes(entry));
      expect((await reading).map(({ entry }) => entry.toString())).toEqual(['a', 'b', 'c']);
      expect(errors).toContain('the connection was closed');
    }, 20_000);

    it('gives up waiting for an answer', async () => {
      const log = open({ answerMs: 200 });
      await log.append(bytes('a'));
      redis.signal('SIGSTOP');
      try {
        await expect(log.append(bytes('b'))).rejects.toThrow(LogUnavailableError);
      } finally {
        redis.signal('SIGCONT');
      }
    });
  },
);
