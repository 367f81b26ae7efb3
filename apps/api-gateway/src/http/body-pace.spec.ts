import { afterEach, expect, it, vi } from 'vitest';
import { BodyPace } from './body-pace';

afterEach(() => void vi.useRealTimers());

it('finds bodies whose average rate is too low, once each, and leaves the others alone', () => {
  const pace = new BodyPace({ bytesPerSecond: 1000, graceMs: 10_000 });
  const found: string[] = [];
  const began = performance.now();
  const ends = [
    pace.watch(
      () => 3,
      () => found.push('stalled'),
    ),
    pace.watch(
      () => 20_000,
      () => found.push('slow in the end'),
    ),
    pace.watch(
      () => 1_000_000,
      () => found.push('fast'),
    ),
  ];
  const gone = pace.watch(
    () => 0,
    () => found.push('gone'),
  );
  gone();
  pace.look(began + 9_000);
  expect(found).toEqual([]);
  pace.look(began + 11_000);
  pace.look(began + 12_000);
  expect(found).toEqual(['stalled']);
  pace.look(began + 30_000);
  expect(found).toEqual(['stalled', 'slow in the end']);
  for (const end of ends) end();
});
