import { describe, expect, it } from 'vitest';
import { uuid1 } from './uuid1';

describe('the number of a request', () => {
  it('is a UUID of version 1 with the present time, and never given twice', () => {
    const all = Array.from({ length: 20_000 }, uuid1);
    expect(new Set(all).size).toBe(all.length);
    for (const id of all) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-1[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const [low, middle, high] = all[0]!.split('-') as [string, string, string];
    const time = BigInt(`0x${high.slice(1)}${middle}${low}`);
    const milliseconds = Number((time - 0x01b21dd213814000n) / 10_000n);
    expect(Math.abs(milliseconds - Date.now())).toBeLessThan(5000);
  });
});
