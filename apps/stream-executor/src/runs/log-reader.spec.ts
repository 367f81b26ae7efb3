import { createLogger } from '@supercap/telemetry';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LogReader, type LogReaderHooks } from './log-reader';
import { TaskRun } from './task-run';
import { FakeLog, claimedRun } from './testing/fake-log';

interface TestRun {
  readonly run: TaskRun;
  readonly seen: number[];
  saturate(on: boolean): void;
}

function makeRun(taskId: string, offset: string, millisecondsPerPoint = 0): TestRun {
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
    feed(point: { values: readonly unknown[] }) {
      seen.push(Number(point.values[0]));
      const until = performance.now() + millisecondsPerPoint;
      while (performance.now() < until);
    },
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
const logger = createLogger('test', 'off');
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
    logger,
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
    expect(await reader.lagMs()).toBe(1);
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
    expect(await reader.lagMs()).toBe(0);
    expect(seenMeanwhile).toBe(1);
    expect(other.seen).toEqual(numbers(1, 9));
    expect(saving.seen).toEqual(numbers(1, 9));
  });

  it('gives the loop its turns in the middle of an entry', async () => {
    const log = new FakeLog();
    const { run, seen } = makeRun('slow', '0-0', 1);
    makeReader(log).add(run);
    const seenAtTurns: number[] = [];
    const timer = setInterval(() => seenAtTurns.push(seen.length), 1);
    log.append(1, 200);
    await waitFor(() => expect(seen).toHaveLength(200));
    clearInterval(timer);
    expect(seen).toEqual(numbers(1, 200));
    expect(seenAtTurns.filter((count) => count > 0 && count < 200).length).toBeGreaterThan(2);
  });

  it('takes a run out, and says where it is, only between two entries', async () => {
    const log = new FakeLog();
    const reader = makeReader(log);
    const leaving = makeRun('leaving', '0-0', 1);
    const other = makeRun('other', '0-0');
    reader.add(leaving.run);
    reader.add(other.run);
    log.append(1);
    await waitFor(() => expect(leaving.seen).toHaveLength(1));
    log.append(2, 100);
    await waitFor(() => expect(leaving.seen.length).toBeGreaterThan(1));
    expect(leaving.seen.length).toBeLessThan(100);
    reader.settle(leaving.run);
    expect(leaving.run.offset).toBe('1-0');
    log.append(200);
    expect(await reader.leave(leaving.run)).toBe(true);
    expect([leaving.seen, leaving.run.offset]).toEqual([numbers(1, 101), '2-0']);
    // It comes back to the very next entry, though the others may be in the middle of it.
    reader.add(leaving.run);
    await waitFor(() => expect(leaving.seen).toEqual([...numbers(1, 101), 200]));
    expect(other.seen).toEqual(leaving.seen);
  });

  it('refuses to wait for the end of an entry while the lease does not stand', async () => {
    const log = new FakeLog();
    let leased = true;
    const reader = makeReader(log, { mayProceed: () => leased });
    const { run, seen } = makeRun('t', '0-0', 1);
    reader.add(run);
    log.append(1, 100);
    await waitFor(() => expect(seen.length).toBeGreaterThan(0));
    const worked = reader.between(() => undefined);
    leased = false;
    expect(await worked).toBe(false);
    expect(await reader.leave(run)).toBe(false);
    expect(seen.length).toBeLessThan(100);
    leased = true;
    await waitFor(() => expect(seen).toEqual(numbers(1, 100)));
  });

  it('brings many runs to the others together, however far behind they are and while more is written', async () => {
    const log = new FakeLog();
    for (const value of numbers(1, 300)) log.append(value);
    const reader = makeReader(log);
    const ahead = makeRun('ahead', '299-0');
    reader.add(ahead.run);
    const places = numbers(1, 200).map((n) => (n * 7919) % 300);
    const behind = places.map((place, i) => ({ place, ...makeRun(`t${i}`, `${place}-0`) }));
    let written = 300;
    const writer = setInterval(() => log.append(++written), 1);
    const before = log.fetches;
    for (const [i, { run }] of behind.entries()) {
      reader.add(run);
      if (i % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 3));
    }
    await waitFor(() => expect(behind.every(({ run }) => reader.isShared(run))).toBe(true));
    clearInterval(writer);
    await waitFor(() => {
      for (const { seen, place } of behind) expect(seen).toEqual(numbers(place + 1, written));
      expect(ahead.seen).toEqual(numbers(300, written));
    });
    // Each on its own would have asked two hundred times at least; the writer's entries are asked for one by one.
    expect(log.fetches - before).toBeLessThan(2 * (written - 300) + 100);
  });

  it('catches up with others that never stop, by letting them wait for the last steps', async () => {
    const log = new FakeLog();
    const reader = makeReader(log);
    const busy = makeRun('busy', '0-0', 1);
    for (const value of numbers(1, 400)) log.append(value);
    reader.add(busy.run);
    await waitFor(() => expect(busy.seen.length).toBeGreaterThan(5));
    const late = makeRun('late', '0-0');
    reader.add(late.run);
    await waitFor(() => expect(late.seen.length).toBeGreaterThan(busy.seen.length - 1));
    await waitFor(() => expect(busy.seen).toHaveLength(400));
    expect(late.seen).toEqual(numbers(1, 400));
  });
});

/** Tries again for a while. */
const waitFor = (check: () => void) => vi.waitFor(check, { timeout: 5000, interval: 2 });
