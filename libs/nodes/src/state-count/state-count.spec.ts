import { expect, it } from 'vitest';
import { lines, runChain } from '../testing';

it('stateCount counts the points for which the condition holds in a row', async () => {
  const started = await runChain(
    `|groupBy('h')|stateCount(lambda: "v" > 1.0)`,
    'm,h=a v=0 0\nm,h=a v=3 1\nm,h=b v=3 2\nm,h=a w=1 3\nm,h=a v=2 4\nm,h=a v=0 5\nm,h=a v=2 6',
  );
  expect(started.output).toBe(
    lines(`
      m,h=a state_count=-1i,v=0 0
      m,h=a state_count=1i,v=3 1
      m,h=b state_count=1i,v=3 2
      m,h=a state_count=2i,v=2 4
      m,h=a state_count=-1i,v=0 5
      m,h=a state_count=1i,v=2 6
    `),
  );
  expect(started.errors).toHaveLength(1);
});

it('stateCount starts anew in each batch', async () => {
  const { output } = await runChain(
    `|window().period(2s).every(2s)|stateCount(lambda: TRUE).as('n')`,
    'm v=1 0\nm v=1 1\nm v=1 2\nm v=1 4',
  );
  expect(output).toBe(
    lines(`
      batch m 2
      m n=1i,v=1 0
      m n=2i,v=1 1
      batch m 4
      m n=1i,v=1 2
    `),
  );
});
