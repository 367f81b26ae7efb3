import { describe, expect, it } from 'vitest';
import { InhibitionTable } from './inhibition';

describe('inhibition', () => {
  it('silences the category where the tags are equal, for as long as it is active', () => {
    const table = new InhibitionTable();
    table.activate({ source: 's', category: 'app', tags: { host: 'a' } });
    expect(table.isInhibited('app', { host: 'a', dc: 'x' })).toBe(true);
    expect(table.isInhibited('app', { host: 'b' })).toBe(false);
    expect(table.isInhibited('sys', { host: 'a' })).toBe(false);
    table.deactivate('s');
    expect(table.isInhibited('app', { host: 'a' })).toBe(false);
    expect([...table.entries()]).toEqual([]);
  });

  it('counts a tag that both sides lack as equal', () => {
    const table = new InhibitionTable();
    table.activate({ source: 's', category: 'app', tags: { host: '' } });
    expect(table.isInhibited('app', {})).toBe(true);
    expect(table.isInhibited('app', { host: 'a' })).toBe(false);
  });

  it('silences the whole category without tags, and the category without a name too', () => {
    const table = new InhibitionTable();
    table.activate({ source: 's', category: '', tags: {} });
    expect(table.isInhibited('', { host: 'a' })).toBe(true);
  });

  it('keeps one entry for each source', () => {
    const table = new InhibitionTable();
    table.activate({ source: 's', category: 'app', tags: { host: 'a' } });
    table.activate({ source: 's', category: 'sys', tags: { host: 'b' } });
    expect(table.isInhibited('app', { host: 'a' })).toBe(false);
    expect([...table.entries()]).toEqual([{ source: 's', category: 'sys', tags: { host: 'b' } }]);
  });
});
