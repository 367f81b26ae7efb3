import { encodeEntry, PointParser } from '@supercap/line-protocol';
import type { LogEntry, ReadOptions } from '@supercap/point-log';
import type { RecordingState, StoredRecording } from '@supercap/storage';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RecordingFiles } from '../files/recording-files';
import { AbandonedError, CutShortError, PausedError } from '../work';
import type { StreamOrder } from './point-limit';
import { StreamRecorder, type RecordingLimits } from './stream-recorder';

const SECOND = 1_000_000_000n;

/** A write log in memory; an entry's place is its number. */
class FakeLog {
  readonly entries: LogEntry[] = [];

  write(lines: string, db = 'd', rp = 'r'): void {
    const points = new PointParser().parse(lines.replace(/;\s*/g, '\n'), { db, rp, precision: 's' });
    this.entries.push({ offset: `${this.entries.length + 1}-0`, entry: Buffer.from(encodeEntry(points, db, rp)) });
  }

  async tail(): Promise<string> {
    return `${this.entries.length}-0`;
  }

  async checkOffset(): Promise<void> {}

  async range(from: string, to: string, count: number): Promise<LogEntry[]> {
    return this.entries.slice(Number.parseInt(from), Number.parseInt(to)).slice(0, count);
  }

  async *readFrom(offset: string, { signal }: ReadOptions = {}): AsyncGenerator<LogEntry[], void> {
    for (let at = Number.parseInt(offset); signal?.aborted !== true;) {
      const step = this.entries.slice(at, at + 1);
      at += step.length;
      if (step.length > 0) yield step;
      else await sleep(2);
    }
  }
}

/** As it stands in a spool. */
function spooled(entry: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(entry.length);
  return Buffer.concat([length, entry]);
}

const quiet = { debug() {}, info() {}, warn() {}, error() {} } as never;

describe('a stream recording', () => {
  let folder: string;
  let log: FakeLog;
  let saved: { offset: string | null; state: RecordingState } | undefined;
  let isMine: boolean;
  let isOvertaken: boolean;
  let limits: RecordingLimits;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'recorder-'));
    log = new FakeLog();
    saved = undefined;
    isMine = true;
    isOvertaken = false;
    limits = { bytes: 1e9, folderBytes: 1e9, milliseconds: 3_600_000 };
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const begin = (more: Partial<StreamOrder>, offset: string | null = '0-0', state: RecordingState = {}) => {
    const order: StreamOrder = {
      job: 'job',
      legacy: true,
      kind: 'stream',
      dbrps: [{ db: 'd', rp: 'r' }],
      measurements: [],
      ...more,
    };
    const recording = { id: 'rec', date: new Date(), offset, state, order } as unknown as StoredRecording;
    const recorder = new StreamRecorder(recording, order, 'me', {
      log,
      files: new RecordingFiles(folder),
      limits,
      logger: quiet,
      now: Date.now,
      recordings: {
        isMine: async () => isMine,
        save: async (_id, _worker, place, now) => {
          if (!isMine) return 'gone';
          if (isOvertaken) return 'overtaken';
          saved = { offset: place, state: now };
          return 'saved';
        },
      },
    });
    const stopping = new AbortController();
    return { size: recorder.run(stopping.signal), stop: () => stopping.abort() };
  };

  const recorded = async () =>
    gunzipSync(await readFile(join(folder, 'rec.srpl')))
      .toString()
      .replace(/000000000$/gm, '')
      .replace(/d\nr\n/g, '')
      .trim()
      .split('\n');

  it('ends before the first point that is later than its duration after the first one', async () => {
    log.write('m v=1 100; m v=2 101; m v=3 103');
    log.write('m v=4 104');
    const { size } = begin({ duration: String(3n * SECOND), until: Date.now() + 60_000 });
    expect(await size).toBeGreaterThan(20n);
    expect(await recorded()).toEqual(['m v=1 100', 'm v=2 101', 'm v=3 103']);
  });

  it('ends in the middle of a write', async () => {
    log.write('m v=1 100; m v=2 200; m v=3 101');
    await begin({ stop: String(150n * SECOND) }).size;
    expect(await recorded()).toEqual(['m v=1 100']);
  });

  it('ends when its time is over, with all that was written until then', async () => {
    const { size } = begin({ duration: String(SECOND), until: Date.now() + 60 });
    log.write('m v=1 100');
    await size;
    expect(await recorded()).toEqual(['m v=1 100']);
  });

  it('is there, and empty, when nothing came', async () => {
    await begin({ duration: '0', until: Date.now() + 10 }).size;
    expect(gunzipSync(await readFile(join(folder, 'rec.srpl'))).length).toBe(0);
  });

  it("takes the points of its databases and measurements, and no other's", async () => {
    log.write('m v=1 100; x v=2 100');
    log.write('m v=3 100', 'd', 'other');
    log.write('m v=4 999');
    await begin({ measurements: ['m'], stop: String(500n * SECOND) }).size;
    expect(await recorded()).toEqual(['m v=1 100']);
  });

  it('goes on after an interruption without a gap or a double', async () => {
    log.write('m v=1 100');
    log.write('m v=2 101');
    const first = begin({ duration: String(3n * SECOND) });
    await sleep(30);
    first.stop();
    await expect(first.size).rejects.toThrow(PausedError);
    expect(saved).toMatchObject({ offset: '2-0', state: { first: String(100n * SECOND) } });
    log.write('m v=3 103');
    log.write('m v=4 104');
    await begin({ duration: String(3n * SECOND) }, saved!.offset, saved!.state).size;
    expect(await recorded()).toEqual(['m v=1 100', 'm v=2 101', 'm v=3 103']);
  });

  it('forgets what was spooled after what was saved', async () => {
    log.write('m v=1 100');
    log.write('m v=2 999');
    await writeFile(join(folder, 'job.spool.part'), spooled(log.entries[0]!.entry).subarray(0, 50));
    await begin({ stop: String(500n * SECOND) }, '0-0', { written: 0 }).size;
    expect(await recorded()).toEqual(['m v=1 100']);
  });

  it('that had ended needs nothing more from the log', async () => {
    log.write('m v=1 100');
    const spool = spooled(log.entries[0]!.entry);
    await writeFile(join(folder, 'job.spool.part'), spool);
    await begin({ stop: String(500n * SECOND) }, null, { written: spool.length, ended: true }).size;
    expect(await recorded()).toEqual(['m v=1 100']);
  });

  it('whose spool is gone fails', async () => {
    await expect(begin({ stop: '1' }, '1-0', { written: 50 }).size).rejects.toThrow('what was recorded so far is gone');
  });

  it('that is late goes as far as the log was when its time was over', async () => {
    log.write('m v=1 100');
    log.write('m v=2 101');
    await begin({ duration: String(60n * SECOND), until: 1 }).size;
    expect(await recorded()).toEqual(['m v=1 100']);
  });

  it('that fell behind keeps what was noted before, and says so', async () => {
    log.write('m v=1 100');
    const first = begin({ stop: String(500n * SECOND) });
    await sleep(30);
    first.stop();
    await expect(first.size).rejects.toThrow(PausedError);
    log.write('m v=2 101');
    isOvertaken = true;
    const { size } = begin({ stop: String(500n * SECOND) }, saved!.offset, saved!.state);
    const error = await size.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CutShortError);
    expect(error).toMatchObject({ message: 'the recording fell too far behind the writes' });
    expect(await recorded()).toEqual(['m v=1 100']);
  });

  it('whose place in the log was taken away while nobody worked on it keeps what was noted', async () => {
    log.write('m v=1 100');
    const spool = spooled(log.entries[0]!.entry);
    await writeFile(join(folder, 'job.spool.part'), spool);
    const { size } = begin({ stop: String(500n * SECOND) }, null, { written: spool.length });
    await expect(size).rejects.toThrow('the recording fell too far behind the writes');
    expect(await recorded()).toEqual(['m v=1 100']);
  });

  it('that grows too large fails, and keeps what it has', async () => {
    limits = { ...limits, bytes: 250 };
    for (let i = 0; i < 9; i++) log.write(`m v=${i} ${100 + i}`);
    const error = await begin({ stop: String(500n * SECOND) }).size.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: 'the recording is larger than the limit of 250 bytes' });
    expect((error as CutShortError).size).toBeGreaterThan(20n);
    expect((await recorded()).slice(0, 2)).toEqual(['m v=0 100', 'm v=1 101']);
    expect((await recorded()).length).toBeLessThan(9);
  });

  it('fails when the folder is full', async () => {
    limits = { ...limits, folderBytes: 20 };
    log.write('m v=1 100');
    await writeFile(join(folder, 'other.srpl'), 'x'.repeat(30));
    const { size } = begin({ stop: String(500n * SECOND) });
    await expect(size).rejects.toThrow('the recordings are larger than the limit of 20 bytes');
    expect(await recorded()).toEqual(['m v=1 100']);
  });

  it('that takes too long fails', async () => {
    limits = { ...limits, milliseconds: 50 };
    log.write('m v=1 100');
    await expect(begin({ stop: String(500n * SECOND) }).size).rejects.toThrow('the recording took longer than 0.05 s');
    expect(await recorded()).toEqual(['m v=1 100']);
  });

  it('stops when it is deleted, also when nothing is written', async () => {
    const { size } = begin({ stop: '5' });
    isMine = false;
    await expect(size).rejects.toThrow(AbandonedError);
  });

  it('stops when somebody else has it, and leaves no file', async () => {
    log.write('m v=1 100; m v=2 900');
    isMine = false;
    await expect(begin({ stop: String(500n * SECOND) }).size).rejects.toThrow(AbandonedError);
    expect(await readdir(folder)).not.toContain('rec.srpl');
  });
});
