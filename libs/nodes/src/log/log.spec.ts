import { expect, it } from 'vitest';
import { runChain } from '../testing';

it('log writes each point with its group, tags and fields, and passes it on', async () => {
  const { output, run } = await runChain(`|groupBy('host')|log().level('DEBUG').prefix('here')`, 'm,host=a v=1,n=2i 0');
  expect(output).toBe('m,host=a n=2i,v=1 0');
  expect(run.log).toEqual([
    {
      level: 'debug',
      message: 'point',
      fields: {
        node: 'log3',
        prefix: 'here',
        name: 'm',
        db: 'db',
        rp: 'rp',
        group: 'host=a',
        dimension: 'host',
        time: 0n,
        'tag.host': 'a',
        'field.v': 1,
        'field.n': 2n,
      },
    },
  ]);
});

it('log writes a batch from its beginning to its end, at INFO for a level that does not exist', async () => {
  const { run } = await runChain(`|window().period(1s).every(1s)|log().level('LOUD')`, 'm v=1 0\nm v=2 1');
  expect(run.log.map(({ level, message }) => `${level} ${message}`)).toEqual([
    'info begin batch',
    'info batch point',
    'info end batch',
  ]);
});
