import { describe, expect, it } from 'vitest';
import { lines, runChain, startScript } from '../testing';

describe('where', () => {
  it('passes the points for which the condition holds and reports those that cannot be judged', async () => {
    const started = await runChain('|where(lambda: "v" > 1.0)', 'm v=1 0\nm v=2 1\nm w=3 2');
    expect(started.output).toBe('m v=2 1');
    expect(started.errors).toEqual(['error while evaluating expression: left reference value "v" is missing value']);
    expect(started.run.dataflow.nodeStats()['where2']!.errors).toBe(1);
  });

  it('keeps a batch that it has emptied', async () => {
    const { output } = await runChain(
      '|window().period(2s).every(2s)|where(lambda: "v" > 1.0)',
      'm v=1 0\nm v=2 1\nm v=1 2\nm v=1 4',
    );
    expect(output).toBe(
      lines(`
        batch m 2
        m v=2 1
        batch m 4
      `),
    );
  });

  it('keeps the state of its condition per group, also over a restart', async () => {
    const script = `stream|from().groupBy('host')|where(lambda: count() > 1)`;
    const before = await startScript(script);
    before.write('m,host=a v=1 0\nm,host=b v=2 1');
    expect(before.output).toBe('');
    const after = await startScript(script, { snapshot: await before.run.dataflow.snapshot() });
    after.write('m,host=a v=3 2\nm,host=c v=4 3');
    expect(after.output).toBe('m,host=a v=3 2');
  });

  it('reports a condition that is no boolean', async () => {
    const { errors } = await runChain('|where(lambda: "v")', 'm v=1 0');
    expect(errors).toEqual([
      'error while evaluating expression: TypeGuard: expression returned unexpected type float, expected boolean',
    ]);
  });

  it('does not start with a condition that cannot be compiled', async () => {
    await expect(runChain(`|where(lambda: 'a' > 5)`, '')).rejects.toThrow(
      'Failed to compile expression in where clause: mismatched type to binary operator. got string > int.',
    );
  });
});
