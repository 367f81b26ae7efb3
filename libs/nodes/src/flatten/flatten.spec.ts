import { describe, expect, it } from 'vitest';
import { lines, runChain } from '../testing';

describe('flatten', () => {
  it('merges points of one rounded time and leaves out those without the tag', async () => {
    const started = await runChain(
      `|groupBy('h')|flatten().on('p').tolerance(2s)`,
      lines(`
        m,h=a,p=80 v=1,w=2 0
        m,h=a,p=81 v=3 1
        m,h=a v=9 1
        m,h=a,p=80 v=4 4
        m,h=a,p=90 v=5 8
      `),
    );
    expect(started.output).toBe(
      lines(`
        m,h=a 80.v=1,80.w=2 0
        m,h=a 81.v=3 2
        m,h=a 80.v=4 4
      `),
    );
    expect(started.errors).toEqual(['point missing tag for flatten operation: tag p is missing from point']);
  });

  it('can leave out the names of the fields, or use another delimiter', async () => {
    const input = 'm,p=80,q=x v=1 0\nm,p=81,q=x v=2 0\nm,p=80,q=x v=3 1';
    expect((await runChain(`|flatten().on('p', 'q').dropOriginalFieldName()`, input)).output).toBe('m 80.x=1,81.x=2 0');
    expect((await runChain(`|flatten().on('p').dropOriginalFieldName(FALSE).delimiter('_')`, input)).output).toBe(
      'm 80_v=1,81_v=2 0',
    );
  });

  it('merges within a batch and sends what is left at its end', async () => {
    const { output } = await runChain(
      `|window().period(2s).every(2s)|flatten().on('p')`,
      'm,p=80 v=1 0\nm,p=81 v=2 0\nm,p=80 v=3 1\nm,p=80 v=4 2',
    );
    expect(output).toBe(
      lines(`
        batch m 2
        m 80.v=1,81.v=2 0
        m 80.v=3 1
      `),
    );
  });

  it('sends what it has when a barrier says that no more will come', async () => {
    const started = await runChain(`|barrier().idle(1s)|flatten().on('p')`, 'm,p=80 v=1 0\nm,p=81 v=2 0');
    started.run.clock.advance(1_000_000_000n);
    expect(started.output).toBe('m 80.v=1,81.v=2 0');
  });
});
