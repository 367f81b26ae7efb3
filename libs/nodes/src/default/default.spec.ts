import { describe, expect, it } from 'vitest';
import { lines, runChain, startScript } from '../testing';

describe('default', () => {
  it('fills in what is missing, and counts it', async () => {
    const { output, run } = await runChain(
      `|default().field('v', 0.0).field('s', 'x').tag('host', 'unknown')`,
      'm,host=a v=1 0\nm v=2,s="y" 1',
    );
    expect(output).toBe('m,host=a s="x",v=1 0\nm,host=unknown s="y",v=2 1');
    expect(run.dataflow.nodeStats()['default2']).toMatchObject({ fields_defaulted: 1, tags_defaulted: 1 });
  });

  it('fills in a field that a join left null', async () => {
    const started = await startScript(`
      var a = stream|from().measurement('a')
      var b = stream|from().measurement('b')
      a|join(b).as('l', 'r').fill('null')|default().field('r.v', 7)`);
    started.write('a v=1 0\nb v=2 1\na v=3 1\na v=4 2\nb v=5 2');
    expect(started.output.split('\n')[0]).toBe('a l.v=1,r.v=7i 0');
  });

  it('changes the group with a grouping tag', async () => {
    const { run } = await runChain(`|groupBy('host')|default().tag('host', 'unknown')`, 'm v=1 0');
    expect(run.data()[0]!.group.id).toBe('host=unknown');
  });

  it('gives the tag to the group of a batch, too', async () => {
    const { output } = await runChain(
      `|window().period(2s).every(2s)|default().tag('host', 'q')`,
      'm,host=a v=1 0\nm v=2 1\nm v=3 2',
    );
    expect(output).toBe(
      lines(`
        batch m,host=q 2
        m,host=a v=1 0
        m,host=q v=2 1
      `),
    );
  });

  it('refuses a default of another type', async () => {
    await expect(runChain(`|default().field('v', 1s)`, '')).rejects.toThrow(
      'unsupported type time.Duration for field "v", field default values must be float,int,string or bool',
    );
  });
});
