import { describe, expect, it } from 'vitest';
import { lines, startScript } from '../testing';
import { from } from './from.node';

async function run(script: string, input: string) {
  const started = await startScript(script);
  started.write(input);
  return started;
}

describe('from', () => {
  it('passes only points of its measurement, database and retention policy', async () => {
    const input = 'm v=1 0\nn v=2 1';
    expect((await run(`stream|from().measurement('n')`, input)).output).toBe('n v=2 1');
    expect((await run(`stream|from().database('db').retentionPolicy('rp')`, input)).output).toBe('m v=1 0\nn v=2 1');
    expect((await run(`stream|from().database('other')`, input)).output).toBe('');
    expect((await run(`stream|from().retentionPolicy('other')`, input)).output).toBe('');
  });

  it('passes points for which every condition holds, and reports those that cannot be judged', async () => {
    const started = await run(
      `stream|from().where(lambda: "v" > 1.0 OR "v" < 0.0).where(lambda: "host" == 'a')`,
      'm,host=a v=1 0\nm,host=a v=2 1\nm,host=b v=2 2\nm,host=a w=1 3',
    );
    expect(started.output).toBe('m,host=a v=2 1');
    expect(started.errors).toEqual(['failed to evaluate WHERE expression: left reference value "v" is missing value']);
  });

  it('counts over all groups in its condition', async () => {
    const { output } = await run(
      `stream|from().groupBy('host').where(lambda: count() != 2)`,
      'm,host=a v=1 0\nm,host=b v=2 1\nm,host=b v=3 2',
    );
    expect(output).toBe('m,host=a v=1 0\nm,host=b v=3 2');
  });

  it('judges a point by its own time, then truncates and rounds it', async () => {
    const { output } = await run(
      `stream|from().where(lambda: unixNano("time") != 0).truncate(2s).round(10s)`,
      'm v=1 0\nm v=2 1\nm v=3 5\nm v=4 7',
    );
    expect(output).toBe('m v=2 0\nm v=3 0\nm v=4 10');
  });

  it('groups by tags, by all tags, and by measurement', async () => {
    const groups = async (properties: string) => {
      const { run: dataflow } = await run(`stream|from()${properties}`, 'm,a=1,b=2 v=1 0\nn,a=1 v=2 1');
      return dataflow.data().map(({ group }) => group.id);
    };
    expect(await groups(`.groupBy('b', 'a')`)).toEqual(['a=1,b=2', 'a=1,b=']);
    expect(await groups('.groupBy(*)')).toEqual(['a=1,b=2', 'a=1']);
    expect(await groups(`.groupBy('a').groupByMeasurement()`)).toEqual(['m\na=1', 'n\na=1']);
    expect(await groups('')).toEqual(['', '']);
  });

  it('drops the grouping of a from before it', async () => {
    const { run: dataflow } = await run(`stream|from().groupBy('a')|from()`, 'm,a=1 v=1 0');
    expect(dataflow.data()[0]!.group.id).toBe('');
  });

  it('refuses what is no dimension', async () => {
    await expect(startScript('stream|from().groupBy(5)')).rejects.toThrow('invalid dimension object of type int64');
    await expect(startScript(`stream|from().groupBy('a', *)`)).rejects.toThrow(
      "cannot group by both '*' and named dimensions.",
    );
    await expect(startScript(`stream|from().groupBy('')`)).rejects.toThrow('dimensions cannot not be the empty string');
  });

  it('does not start with a condition that cannot be compiled', async () => {
    await expect(startScript(`stream|from().where(lambda: 'a' > 5)`)).rejects.toThrow(
      'Failed to compile from expression: mismatched type to binary operator. got string > int.',
    );
  });

  it('is named as it was in 2016 to those who draw graphs of that time', () => {
    expect(from.legacyPrefix).toBe('stream');
  });

  it('goes on counting after a restart', async () => {
    const script = 'stream|from().where(lambda: count() % 2 == 0)';
    const before = await run(script, 'm v=1 0');
    const after = await startScript(script, { snapshot: await before.run.dataflow.snapshot() });
    after.write('m v=2 1\nm v=3 2');
    expect(after.output).toBe(lines('m v=2 1'));
  });
});
