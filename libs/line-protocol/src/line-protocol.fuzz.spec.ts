import { expect, it } from 'vitest';
import { fuzz } from './line-protocol.fuzz';

it('reads random bodies without a crash and the same way whatever was read before', () => {
  expect(() => fuzz.run(2000, 20_261_124)).not.toThrow();
});
