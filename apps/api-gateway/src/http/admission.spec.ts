import { expect, it } from 'vitest';
import { Admission } from './admission';

it('lets so many in, some wait, and more are refused', async () => {
  const admission = new Admission('lists', 2, 3);
  const ends: (() => void)[] = [];
  let most = 0;
  let inside = 0;
  const one = () =>
    admission.run(async () => {
      most = Math.max(most, ++inside);
      await new Promise<void>((resolve) => ends.push(resolve));
      inside--;
    });
  const admitted = Array.from({ length: 5 }, one);
  await expect(one()).rejects.toMatchObject({
    status: 503,
    message: expect.stringContaining('too many lists') as string,
  });
  for (let i = 0; i < 5; i++) {
    await expect.poll(() => ends.length).toBeGreaterThan(i);
    ends[i]!();
  }
  await Promise.all(admitted);
  expect(most).toBe(2);
  await expect(admission.run(async () => 'free')).resolves.toBe('free');
});

it('goes on after one has failed', async () => {
  const admission = new Admission('lists', 1, 1);
  await expect(admission.run(async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(admission.run(async () => 1)).resolves.toBe(1);
});
