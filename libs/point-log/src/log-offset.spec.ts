import { describe, expect, it } from 'vitest';
import { compareOffsets, LOG_START, nextOffset } from './log-offset';

describe('log offsets', () => {
  it('are ordered by time and then by sequence, as numbers', () => {
    const ordered = [LOG_START, '0-1', '9-5', '10-0', '10-9', '10-10', '10-18446744073709551615', '1500000000000-0'];
    for (let i = 0; i < ordered.length; i++) {
      for (let j = 0; j < ordered.length; j++) {
        expect(Math.sign(compareOffsets(ordered[i]!, ordered[j]!))).toBe(Math.sign(i - j));
      }
    }
  });

  it('have a next one', () => {
    expect(nextOffset('7-9007199254740993')).toBe('7-9007199254740994');
  });
});
