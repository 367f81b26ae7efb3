import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { until } from './ports.mjs';
import { Supervised } from './supervised.mjs';

describe('a supervised process', () => {
  let folder: string;
  let said: string[];
  let one: Supervised;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'supervised-'));
    said = [];
    vi.spyOn(process.stderr, 'write').mockImplementation((line) => {
      said.push(String(line));
      return true;
    });
  });
  afterEach(async () => {
    await one.stop(1000);
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (script: string, more: Partial<Supervised['program']> = {}) => {
    one = new Supervised({
      name: 'it',
      command: process.execPath,
      args: ['-e', script],
      options: { stdio: 'ignore', cwd: folder },
      pidFile: join(folder, 'it.pid'),
      stopSignal: 'SIGTERM',
      ...more,
    });
    one.start();
  };

  it('is started again when its pid file cannot be written', async () => {
    run('', { pidFile: join(folder, 'no such folder', 'it.pid') });
    expect(await until(async () => one.ends >= 2, 10_000)).toBe(true);
  });

  it('is started again when it cannot be started', async () => {
    run('', { command: join(folder, 'missing') });
    expect(await until(async () => one.ends >= 3, 10_000)).toBe(true);
    expect(said.length).toBe(1);
  });

  it('is not started while it must wait, which is said once', async () => {
    let reason: string | undefined = 'there is no room';
    run('', { mustWait: () => reason });
    expect(await until(async () => said.some((line) => line.includes('waits: there is no room')), 10_000)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 2200));
    expect(one.ends).toBe(1);
    expect(said.filter((line) => line.includes('there is no room')).length).toBe(1);
    reason = undefined;
    expect(await until(async () => one.ends >= 2, 10_000)).toBe(true);
  });
});
