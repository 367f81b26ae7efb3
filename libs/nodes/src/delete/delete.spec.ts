import { describe, expect, it } from 'vitest';
import { lines, runChain } from '../testing';

describe('delete', () => {
  it('removes fields and tags, and counts those that were there', async () => {
    const { output, run } = await runChain(
      `|delete().field('w').field('nope').tag('host')`,
      'm,dc=x,host=a v=1,w=2 0\nm,dc=x v=3 1',
    );
    expect(output).toBe('m,dc=x v=1 0\nm,dc=x v=3 1');
    expect(run.dataflow.nodeStats()['delete2']).toMatchObject({ fields_deleted: 1, tags_deleted: 1 });
  });

  it('no longer groups by a tag that it removes', async () => {
    const { run } = await runChain(`|groupBy('host', 'dc')|delete().tag('host')`, 'm,dc=x,host=a v=1 0');
    expect(run.data()[0]!.group.id).toBe('dc=x');
  });

  it('does the same to batches', async () => {
    const { output } = await runChain(
      `|groupBy('host')|window().period(2s).every(2s)|delete().field('v').tag('host')`,
      'm,dc=x,host=a v=1,w=2 0\nm,host=a w=3 1\nm,host=a v=1 2',
    );
    expect(output).toBe(
      lines(`
        batch m 2
        m,dc=x w=2 0
        m w=3 1
      `),
    );
  });
});
