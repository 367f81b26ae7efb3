import { describe, expect, it } from 'vitest';
import { MILLISECOND, SECOND } from '@supercap/data-model';
import { startScript } from '../testing';

const fields = (run: Awaited<ReturnType<typeof startScript>>) =>
  run.run
    .data()
    .map((message) => ('layout' in message ? `${message.group.id} ${String(message.field('emitted'))}` : ''));

describe('stats', () => {
  it('emits at every interval what the observed node has sent in each group since the start', async () => {
    const run = await startScript("stream|from().groupBy('h')|stats(10s)");
    run.write('m,h=a v=1 0\nm,h=a v=1 1\nm,h=b v=1 2');
    run.run.clock.advance(10n * SECOND);
    run.write('m,h=a v=1 3');
    run.run.clock.advance(10n * SECOND);
    const stats = fields(run).filter((line) => line !== '');
    expect(stats.filter((line) => !line.endsWith('undefined'))).toEqual(['h=a 2', 'h=b 1', 'h=a 3', 'h=b 1']);
  });

  it('is a measurement of its own, also where groups are those of measurements', async () => {
    const run = await startScript("stream|from().measurement('m').groupByMeasurement().groupBy('h')|stats(10s)");
    run.write('m,h=a v=1 0');
    run.run.clock.advance(10n * SECOND);
    expect(fields(run)).toContain('stats\nh=a 1');
  });

  it('counts the points of batches', async () => {
    const run = await startScript('var w = stream|from()|window().period(2s).every(2s)\nw|stats(10s)');
    run.write('m v=1 0\nm v=1 1\nm v=1 2');
    run.run.clock.advance(10n * SECOND);
    expect(fields(run)).toContain(' 2');
  });

  it('emits a zero in the group without a name when there was nothing', async () => {
    const run = await startScript("stream|from().groupBy('h')|stats(10s)");
    run.run.clock.advance(10n * SECOND);
    expect(fields(run)).toEqual([' 0']);
  });

  it('aligns its times to the interval when asked', async () => {
    const run = await startScript('stream|from()|stats(10s).align()');
    const start = run.run.clock.now();
    run.run.clock.advance(3n * SECOND + 100n * MILLISECOND);
    run.run.clock.advance(20n * SECOND);
    const times = run.run.data().map(({ time }) => time);
    expect(times).toEqual([start + 10n * SECOND, start + 20n * SECOND]);
  });

  it('emits a hundred times a second at the most, at multiples of the interval', async () => {
    const run = await startScript('stream|from()|stats(3ms).align()');
    for (let i = 0; i < 1000; i++) run.run.clock.advance(MILLISECOND);
    const times = run.run.data().map(({ time }) => time);
    expect(times.length).toBeGreaterThan(50);
    expect(times.length).toBeLessThanOrEqual(100);
    expect(times.filter((time) => time % (3n * MILLISECOND) !== 0n)).toEqual([]);
  });

  it('refuses an interval that is not positive', async () => {
    await expect(startScript('stream|from()|stats(0s)')).rejects.toThrow('stats node must have positive interval');
  });
});
