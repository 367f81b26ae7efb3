import { describe, expect, it } from 'vitest';
import { lines, runChain } from '../testing';

describe('sample', () => {
  it('passes every n-th point of each group', async () => {
    const { output } = await runChain(
      `|groupBy('h')|sample(2)`,
      'm,h=a v=1 0\nm,h=b v=2 1\nm,h=a v=3 2\nm,h=b v=4 3\nm,h=a v=5 4',
    );
    expect(output).toBe('m,h=a v=1 0\nm,h=b v=2 1\nm,h=a v=5 4');
  });

  it('counts anew in each batch', async () => {
    const { output } = await runChain(
      '|window().period(3s).every(3s)|sample(2)',
      'm v=1 0\nm v=2 1\nm v=3 2\nm v=4 3\nm v=5 4\nm v=6 6',
    );
    expect(output).toBe(
      lines(`
        batch m 3
        m v=1 0
        m v=3 2
        batch m 6
        m v=4 3
      `),
    );
  });

  it('passes points whose time is a multiple of a duration', async () => {
    expect((await runChain('|sample(10s)', 'm v=1 1\nm v=2 10\nm v=3 15\nm v=4 20')).output).toBe('m v=2 10\nm v=4 20');
  });

  it('wants a positive number or a duration', async () => {
    await expect(runChain('|sample(0)', '')).rejects.toThrow(
      'invalid sample rate: must be positive integer or duration',
    );
    await expect(runChain(`|sample('10s')`, '')).rejects.toThrow('must pass int64 or duration to new sample node');
  });
});
