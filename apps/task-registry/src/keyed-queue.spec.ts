import { describe, expect, it } from 'vitest';
import { KeyedQueue } from './keyed-queue';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('keyed queue', () => {
  it('does work on one key in the order in which it came', async () => {
    const queue = new KeyedQueue();
    const log: string[] = [];
    const work = (name: string) => async () => {
      log.push(`${name} begins`);
      await turn();
      log.push(`${name} ends`);
    };
    await Promise.all([queue.run(['k'], work('a')), queue.run(['k'], work('b'))]);
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('lets work on other keys pass', async () => {
    const queue = new KeyedQueue();
    let finish = () => {};
    const slow = queue.run(['k'], () => new Promise<void>((resolve) => (finish = resolve)));
    expect(await queue.run(['other'], async () => 'passed')).toBe('passed');
    finish();
    await slow;
  });

  it('holds every key of a piece of work', async () => {
    const queue = new KeyedQueue();
    const log: string[] = [];
    await Promise.all([
      queue.run(['a', 'b'], async () => {
        await turn();
        log.push('both');
      }),
      queue.run(['b'], async () => void log.push('b')),
    ]);
    expect(log).toEqual(['both', 'b']);
  });

  it('goes on after work that fails', async () => {
    const queue = new KeyedQueue();
    const failing = queue.run(['k'], async () => {
      throw new Error('no');
    });
    const next = queue.run(['k'], async () => 'next');
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('next');
  });
});
