import { describe, expect, it } from 'vitest';
import { formatPoint } from '@supercap/line-protocol';
import { startScript } from '../testing';

const loop = async (chain: string, input: string) => {
  const run = await startScript(`stream|from()${chain}`);
  run.write(input);
  return {
    run,
    looped: run.run.ports.looped.map((point) => `${point.db}.${point.rp} ${formatPoint(point)} [${point.group.id}]`),
  };
};

describe('kapacitorLoopback', () => {
  it('writes points back with another database, measurement and tags, without their group', async () => {
    const { looped } = await loop(
      "|groupBy('host')|kapacitorLoopback().database('d').retentionPolicy('r').measurement('n').tag('host', 'new').tag('via', 'loop')",
      'm,host=a v=1 0\nm v=2 1',
    );
    expect(looped).toEqual(['d.r n,host=new,via=loop v=1 0 []', 'd.r n,host=new,via=loop v=2 1000000000 []']);
  });

  it('keeps the name of a batch', async () => {
    const { looped, run } = await loop(
      "|window().period(2s).every(2s)|kapacitorLoopback().database('d').retentionPolicy('r').measurement('n')",
      'm v=1 0\nm v=2 1\nm v=3 2',
    );
    expect(looped).toEqual(['d.r m v=1 0 []', 'd.r m v=2 1000000000 []']);
    const stats = run.run.dataflow.nodeStats();
    expect(Object.entries(stats).find(([name]) => name.startsWith('kapacitor_loopback'))![1].points_written).toBe(2);
  });

  it('refuses a loop', async () => {
    await expect(loop("|kapacitorLoopback().database('db').retentionPolicy('rp')", '')).rejects.toThrow(
      'loop detected on dbrp: "db"."rp"',
    );
  });

  it.each([
    ["|kapacitorLoopback().retentionPolicy('r')", 'must specify a database'],
    ["|kapacitorLoopback().database('d')", 'must specify a retention policy'],
  ])('refuses %s', async (chain, error) => {
    await expect(loop(chain, '')).rejects.toThrow(error);
  });
});
