import { expect, it } from 'vitest';
import { runChain } from '../testing';

it('trickle makes a stream of the points of batches, in their group', async () => {
  const { output, run } = await runChain(
    `|groupBy('host')|window().period(2s).every(2s)|trickle()`,
    'm,host=a,dc=x v=1 0\nm,host=a,dc=y v=2 1\nm,host=a,dc=x v=3 2',
  );
  expect(output).toBe('m,dc=x,host=a v=1 0\nm,dc=y,host=a v=2 1');
  expect(run.data().map(({ group }) => group.id)).toEqual(['host=a', 'host=a']);
});

it('trickle is unknown where only streams are', async () => {
  await expect(runChain('|trickle()', '')).rejects.toThrow('no method or property "trickle" on *pipeline.FromNode');
  await expect(runChain('|where(lambda: TRUE)|trickle()', '')).rejects.toThrow('cannot Trickle stream edge');
});
