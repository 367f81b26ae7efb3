import { describe, expect, it } from 'vitest';
import { checkId, checkNameLengths } from './names';

describe('names', () => {
  it('are measured in bytes', () => {
    expect(() => checkNameLengths({ id: 'é'.repeat(5) }, 10)).not.toThrow();
    expect(() => checkNameLengths({ id: 'a', newId: 'é'.repeat(6) }, 10)).toThrow(
      'name of 12 bytes is longer than the limit of 10',
    );
  });

  it('of the newer API hold letters of every script, digits and little else', () => {
    expect(() => checkId('task', 'größe_1.ж-中')).not.toThrow();
    for (const id of ['', 'a b', 'a/b', 'a:b', 'a\n']) {
      expect(() => checkId('task', id)).toThrow(
        `task ID must contain only letters, numbers, '-', '.' and '_'. ${JSON.stringify(id)}`,
      );
    }
  });
});
