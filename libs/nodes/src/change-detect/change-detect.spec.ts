import { describe, expect, it } from 'vitest';
import { lines, runChain } from '../testing';

describe('changeDetect', () => {
  it('passes a point when a field differs from that of the last point passed, in value or type', async () => {
    const started = await runChain(
      `|changeDetect('v', 'w')`,
      'm v=1,w=1 0\nm v=1,w=1 1\nm v=1,w=2 2\nm v=1 3\nm w=2 4\nm z=1 5\nm v=1i,w=2 6',
    );
    expect(started.output).toBe('m v=1,w=1 0\nm v=1,w=2 2\nm v=1i,w=2 6');
    expect(started.errors).toEqual([
      'Invalid field in change detect: expected field w not found',
      'Invalid field in change detect: expected field v not found',
      'Invalid field in change detect: expected field v not found',
      'Invalid field in change detect: expected field w not found',
    ]);
  });

  it('passes a first point that has any of the fields, and the other field when it comes', async () => {
    expect((await runChain(`|changeDetect('v', 'w')`, 'm v=1 0\nm v=1,w=1 1')).output).toBe('m v=1 0\nm v=1,w=1 1');
  });

  it('looks at each group and each batch by itself', async () => {
    const input = 'm,h=a v=1 0\nm,h=b v=1 0\nm,h=a v=1 1\nm,h=b v=2 1';
    expect((await runChain(`|groupBy('h')|changeDetect('v')`, input)).output).toBe(
      'm,h=a v=1 0\nm,h=b v=1 0\nm,h=b v=2 1',
    );
    const { output } = await runChain(
      `|window().period(2s).every(2s)|changeDetect('v')`,
      'm v=1 0\nm v=1 1\nm v=1 2\nm v=1 4',
    );
    expect(output).toBe(
      lines(`
        batch m 2
        m v=1 0
        batch m 4
        m v=1 2
      `),
    );
  });
});
