import { expect, it } from 'vitest';
import { warmUp } from './warm-up';

it('reads every one of its lines', async () => {
  expect(await warmUp()).toBe(100_000);
});
