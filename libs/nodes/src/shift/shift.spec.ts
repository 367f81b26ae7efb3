import { expect, it } from 'vitest';
import { lines, runChain } from '../testing';

it('shift moves points, batches and the points within them', async () => {
  expect((await runChain('|shift(-1m)', 'm v=1 0')).output).toBe('m v=1 -60');
  const { output } = await runChain('|window().period(2s).every(2s)|shift(5m)', 'm v=1 0\nm v=2 2');
  expect(output).toBe(
    lines(`
      batch m 302
      m v=1 300
    `),
  );
});

it('shift by nothing does not start', async () => {
  await expect(runChain('|shift(0s)', '')).rejects.toThrow('invalid shift value: must be non zero duration');
});
