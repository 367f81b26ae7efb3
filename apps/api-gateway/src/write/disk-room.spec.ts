import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { diskProblem } from './disk-room';

describe('what is wrong with the disk', () => {
  it('is nothing while there is room', () => {
    expect(diskProblem(tmpdir(), () => 1e9)()).toBeUndefined();
  });

  it('is that it is full', () => {
    expect(diskProblem('x', () => 4096)()).toBe('no space left on the disk');
  });

  it('is unknown where nobody can tell', () => {
    expect(diskProblem('/no/such/folder')()).toBeUndefined();
  });

  it('is not looked for at every write', () => {
    let looked = 0;
    const problem = diskProblem('x', () => ++looked);
    problem();
    problem();
    expect(looked).toBe(1);
  });
});
