import { expect, it } from 'vitest';
import { fuzz } from './influxql.fuzz';

it('reads or refuses random queries, and prints what it read so that it reads the same', () => {
  expect(() => fuzz.run(5000, 20_261_124)).not.toThrow();
});
