import { expect, it } from 'vitest';
import { collectGarbage } from './collect-garbage';

it('collects what nobody holds, and leaves no way to do so behind', async () => {
  const kept = { garbage: undefined as object | undefined };
  const garbage = new WeakRef((kept.garbage = {}));
  kept.garbage = undefined;
  // What a weak reference has given is held until the turn ends.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect(garbage.deref()).toBeUndefined();
  expect('gc' in globalThis).toBe(false);
});
