import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SECOND } from '@supercap/data-model';
import { lines, runChain } from '../testing';
import { binomial, subsets } from './combinations';

describe('combine', () => {
  it('gives each role the first point that fits, in every choice of points', async () => {
    const { output } = await runChain(
      `|combine(lambda: "s" == 'login', lambda: TRUE).as('l', 'o')`,
      lines(`
        m s="login",v=1 0
        m s="x",v=2 0
        m s="y",v=3 0
        m s="login",v=4 0
        m s="x",v=9 10
      `),
    );
    const pairs = output.split('\n').map((line) => /l\.v=(\d),.*o\.v=(\d)/.exec(line)!.slice(1).join());
    expect(pairs).toEqual(['1,2', '1,3', '1,4', '4,2', '4,3']);
  });

  it('keeps the names of grouping tags and gives the others a prefix', async () => {
    const { output } = await runChain(
      `|groupBy('dc')|combine(lambda: TRUE, lambda: TRUE).as('l', 'r').delimiter('_').tolerance(2s)`,
      'm,dc=x,h=a v=1 0\nm,dc=x,h=b v=2 0.9\nm,dc=x,h=c v=3 1',
    );
    expect(output).toBe('m,dc=x,l_h=a,r_h=b l_v=1,r_v=2 0');
  });

  it('has the name of its first point where a barrier came before', async () => {
    for (const chain of ["|combine(lambda: TRUE, lambda: TRUE).as('a', 'b')", "|flatten().on('h')"]) {
      const run = await runChain(`|barrier().idle(1s)|where(lambda: "v" > 1)${chain}`, 'm,h=x v=1 0');
      run.run.clock.advance(2n * SECOND);
      run.write('m,h=x v=2 10\nm,h=y v=3 10\nm,h=x v=4 20');
      expect(run.run.data().map(({ name }) => name)).toEqual(['m']);
    }
  });

  it('combines the points of a batch at its end, into a stream', async () => {
    const { output } = await runChain(
      `|window().period(2s).every(2s)|combine(lambda: TRUE, lambda: TRUE).as('l', 'r')`,
      'm v=1 1\nm v=2 1\nm v=3 3',
    );
    expect(output).toBe('m l.v=1,r.v=2 1');
  });

  it('stops the task rather than make more combinations than it may', async () => {
    const { run } = await runChain(
      `|combine(lambda: TRUE, lambda: TRUE).as('l', 'r').max(2)`,
      'm v=1 0\nm v=2 0\nm v=3 0\nm v=4 1',
    );
    expect(run.failure.error?.message).toBe(
      'combine2: refusing to perform combination as total combinations 3 exceeds max combinations 2',
    );
  });

  it('makes no more combinations than others can wait for, however many it may, and goes on', async () => {
    const points = Array.from({ length: 5000 }, (_, i) => `m v=${i} 0`).join('\n');
    const started = await runChain(
      `|combine(lambda: TRUE, lambda: TRUE).as('l', 'r').max(1000000000000)`,
      `${points}\nm v=1 1\nm v=2 1\nm v=3 2`,
    );
    expect(started.errors).toEqual([
      'failed to combine points: 12497500 combinations of 5000 points are more than 10000000',
    ]);
    expect(started.output).toBe('m l.v=1,r.v=2 1');
    expect(started.run.failure.error).toBeUndefined();
  });

  it('counts a point that cannot be judged as not fitting', async () => {
    const started = await runChain(
      "|combine(lambda: \"v\" > 0.0, lambda: TRUE).as('l', 'r')",
      'm w=1 0\nm v=2 0\nm v=3 1',
    );
    expect(started.output).toBe('m l.v=2,r.w=1 0');
    expect(started.errors).toHaveLength(1);
  });

  it.each([
    ['', 'a call to combine.as() is required to specify the output stream prefixes.'],
    [`.as('a')`, 'number of prefixes specified by combine.as() must match the number of combine expressions'],
    [`.as('a', '')`, 'must provide a prefix name for the combine node, see .as() property method'],
    [`.as('a.b', 'c')`, 'cannot use name a.b as field prefix, it contains the delimiter character .'],
    [`.as('a', 'a')`, 'cannot use the same prefix name see .as() property method'],
  ])('refuses |combine(…)%s', async (properties, message) => {
    await expect(runChain(`|combine(lambda: TRUE, lambda: TRUE)${properties}`, '')).rejects.toThrow(message);
  });

  it('counts subsets as it makes them', () => {
    fc.assert(
      fc.property(fc.nat(9), fc.integer({ min: 1, max: 5 }), (n, k) => {
        const all = [...subsets(n, k)].length;
        expect(binomial(n, k)).toBe(BigInt(all));
        expect(new Set(Array.from(subsets(n, k), String)).size).toBe(all);
      }),
    );
  });

  it('counts the errors of its conditions, however few points there are', async () => {
    const run = await runChain(`|combine(lambda: "v" > 0.0, lambda: "w" > 0.0).as('l', 'r')`, 'm v=1 0\nm v=2 1');
    expect(run.errors).toHaveLength(1);
  });
});
