import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestDouble } from './decimal';

const parts = fc.tuple(
  fc.integer({ min: 0, max: 9_999_999_999 }),
  fc.integer({ min: 0, max: 999_999_999 }),
  fc.integer({ min: 0, max: 19 }),
);
const text = (high: number, low: number, decimals: number) => `${high}${String(low).padStart(9, '0')}e-${decimals}`;

describe('the double nearest to a long decimal', () => {
  it('is what parsing its text gives', () => {
    fc.assert(
      fc.property(parts, ([high, low, decimals]) => {
        const value = nearestDouble(high, low, decimals);
        if (!Number.isNaN(value)) expect(value).toBe(Number(text(high, low, decimals)));
      }),
      { numRuns: 20_000 },
    );
  });

  it('is left open rather than wrong halfway between two doubles, and found next to it', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 2n ** 53n, max: 2n ** 54n - 2n }),
        fc.constantFrom(-1n, 0n, 1n),
        fc.integer({ min: 0, max: 18 }),
        (half, off, decimals) => {
          const digits = (half | 1n) * 2n ** 9n + off;
          const [high, low] = [Number(digits / 1_000_000_000n), Number(digits % 1_000_000_000n)];
          const value = nearestDouble(high, low, decimals);
          if (!Number.isNaN(value)) expect(value).toBe(Number(text(high, low, decimals)));
          if (off !== 0n && decimals === 0) expect(value).toBe(Number(digits));
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it('settles all but very few numbers', () => {
    let open = 0;
    for (let i = 0; i < 10_000; i++) {
      const value = Math.sin(i) ** 2 * 100;
      const [whole, fraction = ''] = String(value).split('.');
      const digits = (whole! + fraction).padStart(10, '0');
      if (Number.isNaN(nearestDouble(Number(digits.slice(0, -9)), Number(digits.slice(-9)), fraction.length))) open++;
    }
    expect(open).toBeLessThan(10);
  });
});
