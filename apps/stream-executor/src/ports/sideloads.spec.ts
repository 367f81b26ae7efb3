import { describe, expect, it } from 'vitest';
import { Sideloads } from './sideloads';

describe('the sideload nodes of an executor', () => {
  it('read again together, until they are gone', async () => {
    const sideloads = new Sideloads();
    const read: string[] = [];
    const node = (name: string) => sideloads.onReload(async () => void read.push(name));
    const withdraw = node('a');
    node('b');
    expect(await sideloads.reload()).toBe('');
    withdraw();
    expect(await sideloads.reload()).toBe('');
    expect(read).toEqual(['a', 'b', 'b']);
  });

  it('all get their turn when one of them fails, and the failure is told', async () => {
    const sideloads = new Sideloads();
    const read: string[] = [];
    sideloads.onReload(async () => Promise.reject(new Error('no such folder')));
    sideloads.onReload(async () => void read.push('b'));
    expect(await sideloads.reload()).toBe('no such folder');
    expect(read).toEqual(['b']);
  });
});
