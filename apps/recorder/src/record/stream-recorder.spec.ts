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
import { AbandonedError, PausedError } from '../work';
import type { StreamOrder } from './point-limit';
import { StreamRecorder } from './stream-recorder';

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

const quiet = { debug() {}, info() {}, warn() {}, error() {} } as never;

describe('a stream recording', () => {
  let folder: string;
  let log: FakeLog;
  let saved: { offset: string; state: RecordingState } | undefined;
  let isMine: boolean;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'recorder-'));
    log = new FakeLog();
    saved = undefined;
    isMine = true;
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const begin = (limits: Partial<StreamOrder>, offset = '0-0', state: RecordingState = {}) => {
    const order: StreamOrder = {
      job: 'job',
      legacy: true,
      kind: 'stream',
      dbrps: [{ db: 'd', rp: 'r' }],
      measurements: [],
      ...limits,
    };
    const recording = { id: 'rec', offset, state, order } as unknown as StoredRecording;
    const recorder = new StreamRecorder(recording, order, 'me', {
      log,
      files: new RecordingFiles(folder),
      logger: quiet,
      now: Date.now,
      recordings: {
        isMine: async () => isMine,
        save: async (_id, _worker, place, now) => {
          if (isMine) saved = { offset: place, state: now };
          return isMine;
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

  it('forgets text that was written after what was saved', async () => {
    log.write('m v=1 100');
    log.write('m v=2 999');
    await writeFile(join(folder, 'job.text.part'), 'd\nr\nm v=1 100000000000\nd\nr\nm v=');
    await begin({ stop: String(500n * SECOND) }, '0-0', { written: 0 }).size;
    expect(await recorded()).toEqual(['m v=1 100']);
  });

  it('that had ended needs nothing more from the log', async () => {
    const text = 'd\nr\nm v=1 100000000000\n';
    await writeFile(join(folder, 'job.text.part'), text);
    await begin({ stop: '1' }, '1-0', { written: text.length, ended: true }).size;
    expect(await recorded()).toEqual(['m v=1 100']);
  });

  it('whose text is gone fails', async () => {
    await expect(begin({ stop: '1' }, '1-0', { written: 50 }).size).rejects.toThrow('what was recorded so far is gone');
  });

  it('that is late goes as far as the log was when its time was over', async () => {
    log.write('m v=1 100');
    log.write('m v=2 101');
    await begin({ duration: String(60n * SECOND), until: 1 }).size;
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
