import { describe, expect, it } from 'vitest';
import { lines, runChain, startScript } from '../testing';

const input = 'm v=0 0\nm v=3 1\nm v=3 5\nm w=1 6\nm v=2 7\nm v=0 8\nm v=2 9';

describe('stateDuration', () => {
  it('tells for how long the condition has held, -1 where it does not, and drops what it cannot judge', async () => {
    const started = await runChain('|stateDuration(lambda: "v" > 1.0)', input);
    expect(started.output).toBe(
      lines(`
        m state_duration=-1,v=0 0
        m state_duration=0,v=3 1
        m state_duration=4,v=3 5
        m state_duration=6,v=2 7
        m state_duration=-1,v=0 8
        m state_duration=0,v=2 9
      `),
    );
    expect(started.errors).toEqual(['error while evaluating expression: left reference value "v" is missing value']);
  });

  it('has a unit and a name', async () => {
    const { output } = await runChain(`|stateDuration(lambda: "v" > 1.0).unit(1m).as('minutes')`, 'm v=3 0\nm v=3 90');
    expect(output).toBe('m minutes=0,v=3 0\nm minutes=1.5,v=3 90');
  });

  it('starts anew in each batch', async () => {
    const { output } = await runChain(
      '|window().period(2s).every(2s)|stateDuration(lambda: TRUE)|trickle()',
      'm v=1 0\nm v=1 1\nm v=1 2\nm v=1 3\nm v=1 4',
    );
    expect(output.match(/state_duration=\d/g)).toEqual([
      'state_duration=0',
      'state_duration=1',
      'state_duration=0',
      'state_duration=1',
    ]);
  });

  it('goes on after a restart', async () => {
    const script = 'stream|from()|stateDuration(lambda: TRUE)';
    const before = await startScript(script);
    before.write('m v=1 0');
    const after = await startScript(script, { snapshot: await before.run.dataflow.snapshot() });
    after.write('m v=1 7');
    expect(after.output).toBe('m state_duration=7,v=1 7');
  });
});
