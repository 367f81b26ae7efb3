import { describe, expect, it } from 'vitest';
import { lines, runChain, startScript } from '../testing';

const wrongType = 'cannot perform derivative: field is the wrong type';

describe('derivative', () => {
  it('divides the change by the time, and reports points that cannot be used', async () => {
    const started = await runChain(
      `|derivative('v').unit(1s).as('d')`,
      'm v=1 0\nm v=3i 1\nm w=1 2\nm v=2 4\nm v=4 5\nm v=5 5\nm v=9 7',
    );
    expect(started.output).toBe(
      lines(`
        m d=2,v=3i 1
        m d=${-1 / 3},v=2 4
        m d=2,v=4 5
        m d=2,v=9 7
      `),
    );
    expect(started.errors).toEqual([wrongType, 'cannot perform derivative: elaspsed time was 0']);
  });

  it('drops negative results when told to, but goes on from the lower value', async () => {
    const { output } = await runChain(`|derivative('v').nonNegative()`, 'm v=1 0\nm v=3 1\nm v=2 2\nm v=5 3');
    expect(output).toBe('m v=2 1\nm v=3 3');
  });

  it('starts anew in each batch', async () => {
    const { output } = await runChain(
      `|window().period(2s).every(2s)|derivative('v').unit(1m)`,
      'm v=1 0\nm v=2 1\nm v=4 2\nm v=8 3\nm v=16 4',
    );
    expect(output).toBe(
      lines(`
        batch m 2
        m v=60 1
        batch m 4
        m v=240 3
      `),
    );
  });

  it('goes on after a restart, group by group', async () => {
    const script = `stream|from().groupBy('h')|derivative('v')`;
    const before = await startScript(script);
    before.write('m,h=a v=1 0\nm,h=b v=10 0');
    const after = await startScript(script, { snapshot: await before.run.dataflow.snapshot() });
    after.write('m,h=a v=2 1\nm,h=b v=8 1');
    expect(after.output).toBe('m,h=a v=1 1\nm,h=b v=-2 1');
  });
});
