import { settingsTable } from '@supercap/config';
import { describe, expect, it } from 'vitest';
import { read } from './known';

describe('docs/operations.md', () => {
  it('has the table of settings as the schema gives it (node tools/docs.mjs writes it)', () => {
    const table = /<!-- settings: made by tools\/docs\.mjs -->\n\n([\s\S]*?)\n<!-- \/settings -->/.exec(
      read('docs/operations.md'),
    )?.[1];
    expect(table).toBe(settingsTable());
  });
});
