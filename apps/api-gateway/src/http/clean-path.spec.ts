import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanPath } from './clean-path';

describe('a clean path', () => {
  it.each([
    ['/', '/'],
    ['', '/'],
    ['/tasks', '/tasks'],
    ['/tasks/', '/tasks/'],
    ['//tasks', '/tasks'],
    ['/api//v1/./task', '/api/v1/task'],
    ['/api/v1/../v1/task', '/api/v1/task'],
    ['/../../etc', '/etc'],
    ['/..', '/'],
    ['/a/...', '/a/...'],
    ['tasks', '/tasks'],
  ])('of %s is %s', (path, clean) => {
    expect(cleanPath(path)).toBe(clean);
  });

  it('is clean', () => {
    const part = fc.constantFrom('', '.', '..', 'a', 'b c', '...');
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const clean = cleanPath(parts.join('/'));
        expect(cleanPath(clean)).toBe(clean);
        expect(clean).toMatch(/^\//);
        expect(clean.split('/').slice(1, -1)).not.toContain('');
      }),
    );
  });
});
