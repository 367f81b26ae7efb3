import { describe, expect, it } from 'vitest';
import { lines, runChain, startScript } from '../testing';

const points = (times: readonly number[]) => times.map((time) => `m v=${time} ${time}`).join('\n');
const range = (from: number, to: number, step = 1) =>
  Array.from({ length: (to - from) / step + 1 }, (_, i) => from + i * step);

/** The batches of a window as `0 3 @10`: values (which are the times of the points), then the time of the batch. */
async function windows(properties: string, times: readonly number[]): Promise<string[]> {
  const { output } = await runChain(`|window()${properties}`, points(times));
  const batches: { time: string; values: string[] }[] = [];
  for (const line of output.split('\n')) {
    const [word, fields, time] = line.split(' ');
    if (word === 'batch') batches.push({ time: time!, values: [] });
    else if (fields !== undefined) batches.at(-1)!.values.push(fields.replace('v=', ''));
  }
  return batches.map(({ time, values }) => [...values, `@${time}`].join(' '));
}

describe('window by time', () => {
  it('sends what came before the boundary when a point reaches it, and skips empty windows', async () => {
    const input = [0, 3, 10, 12, 19, 20, 25, 31, 32, 47, 60, 61];
    expect(await windows('.period(10s).every(10s)', input)).toEqual([
      '0 3 @10',
      '10 12 19 @20',
      '20 25 @30',
      '31 32 @41',
      '47 @57',
    ]);
  });

  it('sends at multiples of every when aligned', async () => {
    expect(await windows('.period(10s).every(10s).align()', [3, 9, 10, 12, 35, 36, 50])).toEqual([
      '3 9 @10',
      '10 12 @20',
      '35 36 @40',
    ]);
  });

  it('waits for a whole period when it is to be filled', async () => {
    expect(await windows('.period(10s).every(5s).fillPeriod()', range(0, 30, 2))).toEqual([
      '0 2 4 6 8 @10',
      '6 8 10 12 14 @15',
      '12 14 16 18 20 @21',
      '18 20 22 24 26 @27',
    ]);
  });

  it('is first sent strictly after the period when filled and aligned', async () => {
    expect(await windows('.period(10s).every(5s).fillPeriod().align()', range(3, 29, 2))).toEqual([
      '5 7 9 11 13 @15',
      '11 13 15 17 19 @20',
      '15 17 19 21 23 @25',
    ]);
  });

  it('is sent with every point when every is left out, but not with a late one', async () => {
    expect(await windows('.period(4s)', [0, 1, 4, 5, 9, 3, 10])).toEqual([
      '0 @0',
      '0 1 @1',
      '1 4 @4',
      '4 5 @5',
      '9 @9',
      '9 3 10 @10',
    ]);
  });

  it('is sent with every point from a full period on', async () => {
    expect(await windows('.period(5s).fillPeriod()', range(0, 7))).toEqual([
      '1 2 3 4 5 @5',
      '2 3 4 5 6 @6',
      '3 4 5 6 7 @7',
    ]);
  });

  it('keeps a late point that stands behind one that is not', async () => {
    expect(await windows('.period(10s).every(10s).align()', [1, 11, 2, 12, 21, 35])).toEqual([
      '1 @10',
      '11 2 12 @20',
      '21 @30',
    ]);
  });

  it('keeps windows of groups apart and names them after the group', async () => {
    const { output } = await runChain(
      `|groupBy('host')|window().period(3s).every(3s)`,
      'm,host=a v=1 0\nm,host=b v=2 2\nm,host=a v=3 3\nm,host=b v=4 5',
    );
    expect(output).toBe(
      lines(`
        batch m,host=a 3
        m,host=a v=1 0
        batch m,host=b 5
        m,host=b v=2 2
      `),
    );
  });

  it('gives the same batches when it is stopped anywhere and goes on from its snapshot', async () => {
    const script = 'stream|from()|window().period(6s).every(4s)';
    const input = Array.from({ length: 40 }, (_, i) => `m,host=h${i % 13} ${i % 3 ? `v=${i}` : 's="x",v=1i'} ${i}`);
    const whole = await startScript(script);
    whole.write(input.join('\n'));
    for (const cut of [1, 17, 30]) {
      const before = await startScript(script);
      before.write(input.slice(0, cut).join('\n'));
      const after = await startScript(script, { snapshot: await before.run.dataflow.snapshot() });
      after.write(input.slice(cut).join('\n'));
      expect([before.output, after.output].filter((text) => text !== '').join('\n')).toBe(whole.output);
    }
  });

  it('cannot start without a period', async () => {
    await expect(runChain('|window().every(3s)', '')).rejects.toThrow(
      'window node must have either a non zero period or non zero period count',
    );
  });

  it('answers a barrier with the batch that it completes, even an empty one, and ends it', async () => {
    const started = await runChain('|barrier().period(10s)|window().period(10s).every(10s)', 'm v=1 0');
    const { run } = started;
    run.clock.advance(20_000_000_000n);
    expect(run.output.map((message) => message.constructor.name)).toEqual(['Batch', 'Batch']);
    expect(started.output).toBe(
      lines(`
      batch m 10
      m v=1 0
      batch m 1500000020
    `),
    );
  });
});

describe('window by count', () => {
  it('sends the latest points after every so many', async () => {
    expect(await windows('.periodCount(3).everyCount(2)', range(0, 7))).toEqual([
      '0 1 @1',
      '1 2 3 @3',
      '3 4 5 @5',
      '5 6 7 @7',
    ]);
  });

  it('waits for a whole period when it is to be filled', async () => {
    expect(await windows('.periodCount(3).everyCount(2).fillPeriod()', range(0, 7))).toEqual([
      '0 1 2 @2',
      '2 3 4 @4',
      '4 5 6 @6',
    ]);
  });

  it('leaves points out when it is shorter than its interval', async () => {
    expect(await windows('.periodCount(2).everyCount(3)', range(0, 8))).toEqual(['1 2 @2', '4 5 @5', '7 8 @8']);
  });
});

describe('validation of a window', () => {
  it.each([
    ['.period(10s).periodCount(5)', 'cannot specify both period and periodCount'],
    ['.periodCount(5).everyCount(5).align()', 'can only align windows based off time, not count'],
    ['.periodCount(5)', 'everyCount must be greater than zero'],
  ])('refuses %s', async (properties, message) => {
    await expect(runChain(`|window()${properties}`, '')).rejects.toThrow(message);
  });
});
