import { describe, expect, it } from 'vitest';
import { lines, runChain, startScript } from '../testing';

describe('groupBy on a stream', () => {
  it('groups the points of a batch by the measurement of the batch, which is theirs', async () => {
    const run = await startScript('stream|from()|window().periodCount(3).everyCount(3)|groupBy().byMeasurement()');
    run.write('a v=1 1\nb v=1 2\na v=1 3\na v=1 4\nb v=1 5\na v=1 6');
    expect(run.run.data().map((batch) => `${batch.group.id} ${'points' in batch ? batch.points.length : 0}`)).toEqual([
      'a 3',
    ]);
  });

  const groups = async (chain: string) => {
    const { run } = await runChain(chain, 'm,dc=x,host=a v=1 0\nm,dc=y v=2 1');
    return run.data().map(({ group }) => group.id);
  };

  it('groups by the given tags, all tags, or all but some', async () => {
    expect(await groups(`|groupBy('host')`)).toEqual(['host=a', 'host=']);
    expect(await groups('|groupBy(*)')).toEqual(['dc=x,host=a', 'dc=y']);
    expect(await groups(`|groupBy(*).exclude('dc')`)).toEqual(['host=a', '']);
  });

  it('replaces the tags grouped by before, and keeps the measurement', async () => {
    expect(await groups(`|groupBy('host').byMeasurement()|groupBy('dc')`)).toEqual(['m\ndc=x', 'm\ndc=y']);
  });

  it.each([
    [`|groupBy('host').exclude('dc')`, "exclude requires '*'"],
    [`|groupBy(*, 'host')`, "cannot group by both '*' and named dimensions."],
    [`|groupBy('')`, 'dimensions cannot not be the empty string'],
    ['|groupBy(1.0)', 'invalid dimension object of type float64'],
  ])('refuses %s', async (chain, message) => {
    await expect(runChain(chain, '')).rejects.toThrow(message);
  });
});

describe('groupBy on batches', () => {
  const chain = `|groupBy('h')|window().period(10s).every(10s).align()|groupBy('k')`;
  const input = [
    'm,h=A,k=1 v=0 0',
    'm,h=B,k=1 v=0 0',
    'm,h=A,k=2 v=2 2',
    'm,h=A,k=1 v=11 11',
    'm,h=B,k=1 v=12 12',
    'm,h=A,k=1 v=21 21',
  ];

  it('merges the batches of one time and sends them when another time begins', async () => {
    const started = await runChain(chain, input.slice(0, 5).join('\n'));
    expect(started.output).toBe('');
    started.write(input[5]!);
    expect(started.output).toBe(
      lines(`
        batch m,k=1 10
        m,h=A,k=1 v=0 0
        m,h=B,k=1 v=0 0
        batch m,k=2 10
        m,h=A,k=2 v=2 2
      `),
    );
  });

  it('goes on with a half-merged time after a restart', async () => {
    const script = `stream|from()${chain}`;
    const whole = await startScript(script);
    whole.write(input.join('\n'));
    const before = await startScript(script);
    before.write(input.slice(0, 4).join('\n'));
    const after = await startScript(script, { snapshot: await before.run.dataflow.snapshot() });
    after.write(input.slice(4).join('\n'));
    expect(before.output).toBe('');
    expect(after.output).toBe(whole.output);
  });
});
