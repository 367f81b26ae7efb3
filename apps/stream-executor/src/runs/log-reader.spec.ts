import { createLogger } from '@supercap/telemetry';
import { afterEach, describe, expect, it } from 'vitest';
import { LogReader, type LogReaderHooks } from './log-reader';
import { TaskRun } from './task-run';
import { FakeLog, claimedRun } from './testing/fake-log';

interface TestRun {
  readonly run: TaskRun;
  readonly seen: number[];
  saturate(on: boolean): void;
}

function makeRun(taskId: string, offset: string): TestRun {
  const run = new TaskRun(claimedRun(taskId, offset), offset);
  const seen: number[] = [];
  let saturated = false;
  let ready: (() => void) | undefined;
  const dataflow = {
    waits: true,
    get saturated() {
      return saturated;
    },
    whenReady: () => (saturated ? new Promise<void>((resolve) => (ready = resolve)) : Promise.resolve()),
    feed: (point: { values: readonly unknown[] }) => seen.push(Number(point.values[0])),
    skip: () => undefined,
  };
  run.dataflow = dataflow as unknown as TaskRun['dataflow'];
  run.status = 'running';
  return {
    run,
    seen,
    saturate(on) {
      saturated = on;
      if (!on) ready?.();
    },
  };
}

const tick = () => new Promise((resolve) => setTimeout(resolve, 20));
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
let readers: LogReader[] = [];

function makeReader(log: FakeLog, hooks: Partial<LogReaderHooks> = {}): LogReader {
  const reader = new LogReader(
    log,
    {
      mayProceed: () => true,
      ready: () => undefined,
      drained: () => undefined,
      pause: async () => undefined,
      ...hooks,
    },
    createLogger('test', 'off'),
  );
  readers.push(reader);
  return reader;
}

afterEach(async () => {
  await Promise.all(readers.map((reader) => reader.stop()));
  readers = [];
});

describe('log reader', () => {
  it('hands every entry to every run once, wherever they begin', async () => {
    const log = new FakeLog();
    for (const value of numbers(1, 20)) log.append(value);
    const reader = makeReader(log);
    const first = makeRun('first', '0-0');
    const late = makeRun('late', '10-0');
    reader.add(first.run);
    reader.add(late.run);
    await tick();
    for (const value of numbers(21, 30)) log.append(value);
    await tick();
    const newest = makeRun('newest', '30-0');
    reader.add(newest.run);
    log.append(31);
    await tick();
    expect(first.seen).toEqual(numbers(1, 31));
    expect(late.seen).toEqual(numbers(11, 31));
    expect(newest.seen).toEqual([31]);
    expect([first, late, newest].every(({ run }) => reader.isShared(run))).toBe(true);
  });

  it('never goes back for a run that begins ahead of the others', async () => {
    const log = new FakeLog();
    let hold: (() => void) | undefined;
    const reader = makeReader(log, {
      ready: () => (hold === undefined ? undefined : new Promise((resolve) => (hold = resolve))),
    });
    const slow = makeRun('slow', '0-0');
    reader.add(slow.run);
    hold = () => undefined;
    for (const value of numbers(1, 5)) log.append(value);
    await tick();
    const ahead = makeRun('ahead', '5-0');
    reader.add(ahead.run);
    const release = hold;
    hold = undefined;
    release();
    await tick();
    log.append(6);
    await tick();
    expect(slow.seen).toEqual(numbers(1, 6));
    expect(ahead.seen).toEqual([6]);
  });

  it('lets a slow run fall behind alone, and takes it in again', async () => {
    const log = new FakeLog();
    const reader = makeReader(log);
    const quick = makeRun('quick', '0-0');
    const slow = makeRun('slow', '0-0');
    reader.add(quick.run);
    reader.add(slow.run);
    log.append(1);
    await tick();
    slow.saturate(true);
    for (const value of numbers(2, 20)) log.append(value);
    await tick();
    expect(quick.seen).toEqual(numbers(1, 20));
    expect(slow.seen.length).toBeLessThan(20);
    expect(reader.isShared(slow.run)).toBe(false);
    slow.saturate(false);
    await tick();
    expect(slow.seen).toEqual(numbers(1, 20));
    expect(reader.isShared(slow.run)).toBe(true);
  });

  it('ends a run that drains exactly at its place', async () => {
    const log = new FakeLog();
    const drained: string[] = [];
    const reader = makeReader(log, { drained: (run) => drained.push(`${run.taskId}@${run.offset}`) });
    const ending = makeRun('ending', '0-0');
    reader.add(ending.run);
    for (const value of numbers(1, 3)) log.append(value);
    await tick();
    ending.run.drainTo = '5-0';
    ending.run.status = 'draining';
    reader.drain(ending.run);
    expect(drained).toEqual([]);
    for (const value of numbers(4, 8)) log.append(value);
    await tick();
    expect(ending.seen).toEqual(numbers(1, 5));
    expect(drained).toEqual(['ending@5-0']);
  });

  it('reads nothing while the lease does not stand, and goes on when it does again', async () => {
    const log = new FakeLog();
    let leased = true;
    const reader = makeReader(log, { mayProceed: () => leased });
    const { run, seen } = makeRun('t', '0-0');
    reader.add(run);
    log.append(1);
    await tick();
    leased = false;
    log.append(2);
    await tick();
    expect(seen).toEqual([1]);
    leased = true;
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(seen).toEqual([1, 2]);
  });

  it('feeds a run nothing while it is apart, and everything afterwards', async () => {
    const log = new FakeLog();
    const reader = makeReader(log);
    const other = makeRun('other', '0-0');
    const saving = makeRun('saving', '0-0');
    reader.add(other.run);
    reader.add(saving.run);
    log.append(1);
    await tick();
    let seenMeanwhile = 0;
    await reader.apart(saving.run, async () => {
      for (const value of numbers(2, 9)) log.append(value);
      await tick();
      seenMeanwhile = saving.seen.length;
    });
    await tick();
    expect(seenMeanwhile).toBe(1);
    expect(other.seen).toEqual(numbers(1, 9));
    expect(saving.seen).toEqual(numbers(1, 9));
  });
});
