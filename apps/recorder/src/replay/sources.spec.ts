import { formatTime, parseTime, type Batch, type Point } from '@supercap/data-model';
import { EntryReader, parsePoints } from '@supercap/line-protocol';
import type { executor } from '@supercap/protocol';
import { batchFromJson } from '@supercap/recording';
import { describe, expect, it } from 'vitest';
import { Pacer } from './pacer';
import { sendBatches, sendStream } from './sources';

/** A wall clock that jumps to what is waited for. */
class JumpingPacer extends Pacer {
  readonly waits: bigint[] = [];
  private time = 0n;

  constructor() {
    super(new AbortController().signal);
  }

  override now(): bigint {
    return this.time;
  }

  override async until(time: bigint): Promise<void> {
    this.waits.push(time - this.time);
    this.time = time;
  }
}

class Target {
  isOver = false;
  readonly inputs: executor.ReplayInput[] = [];

  async send(input: executor.ReplayInput): Promise<void> {
    this.inputs.push(input);
  }

  get entries(): Point[][] {
    const reader = new EntryReader();
    return this.inputs.flatMap(({ entry }) => (entry === undefined ? [] : [reader.read(entry).points()]));
  }
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

const stream = (lines: string) => each([parsePoints(lines.replace(/; /g, '\n'))]);
const fast = { recordingTime: false, pace: 'fast' } as const;
const real = { recordingTime: true, pace: 'real' } as const;

describe('the points of a stream recording', () => {
  it('go out in entries of a thousand', async () => {
    const target = new Target();
    await sendStream(
      stream(Array.from({ length: 2500 }, (_, i) => `m v=${i} ${i}`).join('; ')),
      fast,
      0n,
      new JumpingPacer(),
      target,
    );
    expect(target.entries.map((points) => points.length)).toEqual([1000, 1000, 500]);
  });

  it('count from now on', async () => {
    const target = new Target();
    await sendStream(stream('m v=1 100; m v=2 130; m v=3 90'), fast, 1000n, new JumpingPacer(), target);
    expect(target.entries.flat().map(({ time }) => time)).toEqual([1000n, 1030n, 990n]);
  });

  it('keep their pace, also with the times of the recording', async () => {
    const target = new Target();
    const pacer = new JumpingPacer();
    await sendStream(stream('m v=1 100; m v=2 100; m v=3 130; m v=4 120; m v=5 200'), real, 0n, pacer, target);
    expect(pacer.waits).toEqual([30n, 70n]);
    expect(target.entries.map((points) => points.map(({ time }) => time))).toEqual([
      [100n, 100n],
      [130n, 120n],
      [200n],
    ]);
  });

  it('are no longer sent when the executor has answered', async () => {
    const target = new Target();
    target.isOver = true;
    await sendStream(stream('m v=1 100'), fast, 0n, new JumpingPacer(), target);
    expect(target.inputs).toEqual([]);
  });
});

describe('the batches of a recording', () => {
  const batch = (...seconds: number[]): Batch =>
    batchFromJson(
      `{"tmax":"2000-01-01T00:00:00Z","points":[${seconds.map((s) => `{"fields":{"v":1},"time":"2016-01-01T00:00:0${s}Z"}`).join(',')}]}`,
    );

  it('wait for their last points, counted from the first of all', async () => {
    const target = new Target();
    const pacer = new JumpingPacer();
    await sendBatches(each([batch(0, 2), batch(5)]), 3, real, 0n, pacer, target);
    expect(pacer.waits.map((wait) => wait / 1_000_000_000n)).toEqual([2n, 3n]);
    expect(target.inputs.map(({ batch: sent }) => sent!.query)).toEqual([3, 3]);
  });

  it('get present times, and an end that is not before them', async () => {
    const target = new Target();
    const zero = parseTime('2020-01-01T00:00:00Z')!;
    await sendBatches(each([batch(0, 2)]), 0, fast, zero, new JumpingPacer(), target);
    const sent = batchFromJson(target.inputs[0]!.batch!.batchJson);
    expect([formatTime(sent.points[0]!.time), formatTime(sent.time)]).toEqual([
      '2020-01-01T00:00:00Z',
      '2020-01-01T00:00:02Z',
    ]);
  });
});
