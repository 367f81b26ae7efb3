import { describe, expect, it } from 'vitest';
import { storable, storableId } from './storable';

describe('what is stored', () => {
  it('is a text as it is, but for NUL', () => {
    expect(storable('a\0b\0ü')).toBe('a\uFFFDb\uFFFDü');
  });

  it('is an id as it is, or short and as different as it was', () => {
    expect(storableId('cpu:host=ü\0')).toBe('cpu:host=ü\uFFFD');
    const [one, other] = ['a', 'b'].map((end) => storableId('😀'.repeat(400) + end));
    expect(one).not.toBe(other);
    expect(Buffer.byteLength(one!)).toBeLessThan(1000);
    expect(one!.startsWith('😀😀')).toBe(true);
  });
});
