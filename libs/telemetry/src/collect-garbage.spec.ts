import { expect, it } from 'vitest';
import { collectGarbage } from './collect-garbage';

it('collects what nobody holds, and adds no way to do so', async () => {
  // Flags are the process's: another thread may have made one before.
  const before = 'gc' in globalThis;
  const kept = { garbage: undefined as object | undefined };
  const garbage = new WeakRef((kept.garbage = {}));
  kept.garbage = undefined;
  // What a weak reference has given is held until the turn ends.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect(garbage.deref()).toBeUndefined();
  expect('gc' in globalThis).toBe(before);
});
