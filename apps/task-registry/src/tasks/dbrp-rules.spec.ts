import { describe, expect, it } from 'vitest';
import { dbrpsOfChanged, dbrpsOfNew } from './dbrp-rules';

const a = [{ db: 'a', rp: 'r' }];
const b = [{ db: 'b', rp: 'r' }];

describe('databases and retention policies', () => {
  it('of a new task are given or said by its script', () => {
    expect(dbrpsOfNew(a, [])).toBe(a);
    expect(dbrpsOfNew([], a)).toBe(a);
    expect(() => dbrpsOfNew([], [])).toThrow('must specify dbrp');
    expect(() => dbrpsOfNew(a, b)).toThrow('cannot specify dbrp in both implicitly and explicitly');
  });

  it('of a changed task stay when nothing is said', () => {
    expect(dbrpsOfChanged([], [], a, [])).toBe(a);
    expect(dbrpsOfChanged(b, [], a, [])).toBe(b);
    expect(dbrpsOfChanged([], b, a, [])).toBe(b);
    expect(() => dbrpsOfChanged(b, b, a, [])).toThrow('cannot specify dbrp in implicitly and explicitly');
  });

  it('of a changed task must be given when the script no longer says them', () => {
    expect(() => dbrpsOfChanged([], [], a, a)).toThrow('must specify dbrp');
    expect(dbrpsOfChanged(b, [], a, a)).toBe(b);
  });
});
