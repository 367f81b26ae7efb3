import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { define, request, startProduct, until, write, type Product } from './harness';

const MEGABYTE = 1024 * 1024;

/** A small disk, or the reason why there can be none here. */
function mount(size: string): { folder: string } | { reason: string } {
  const folder = mkdtempSync(join(tmpdir(), 'supercap-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'pipe' });
    return { folder };
  } catch (error) {
    rmSync(folder, { recursive: true });
    return { reason: error instanceof Error ? error.message.split('\n')[0]! : String(error) };
  }
}

function unmount(folder: string): void {
  execFileSync('umount', ['-l', folder], { stdio: 'pipe' });
  rmSync(folder, { recursive: true });
}

const probe = mount('1m');
if ('folder' in probe) unmount(probe.folder);
const why = 'reason' in probe ? ` (skipped: no disk can be mounted: ${probe.reason})` : '';

describe.skipIf('reason' in probe)(`a full disk${why}`, () => {
  let disk: string;
  let recordings: string;
  let product: Product;

  beforeAll(async () => {
    const [large, small] = [mount('400m'), mount('4m')];
    if ('reason' in large || 'reason' in small) throw new Error('no disk');
    disk = large.folder;
    recordings = small.folder;
    const { TMPDIR } = process.env;
    process.env['TMPDIR'] = disk;
    try {
      product = await startProduct({ env: { SUPERCAP_REPLAY_DIR: recordings } });
    } finally {
      if (TMPDIR === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = TMPDIR;
    }
    await define(product, {
      id: 'witness',
      script: `stream|from().measurement('m')|stateCount(lambda: TRUE)|httpOut('last')`,
    });
  });

  afterAll(async () => {
    await product?.stop();
    for (const folder of [disk, recordings]) if (folder) unmount(folder);
  });

  const tryToWrite = (body: string) => request(product, 'POST', '/kapacitor/v1/write?db=telegraf&rp=autogen', { body });
  /** The points that the task has seen, by its state, which outlives it. */
  const counted = async () => {
    const answer = await request(product, 'GET', '/kapacitor/v1/tasks/witness/last');
    const [series] = answer.json<{ series: { columns: string[]; values: unknown[][] }[] }>().series;
    return Number(series?.values[0]?.[series.columns.indexOf('state_count')]);
  };

  it('fails the recording that fills it, and nothing else', async () => {
    const stop = new Date(Date.now() + 600_000).toISOString();
    const json = { id: 'filling', task: 'witness', stop };
    await request(product, 'POST', '/kapacitor/v1/recordings/stream', { json });
    const text = 'x'.repeat(1000);
    for (let i = 0; i < 40; i++) {
      await write(product, Array.from({ length: 200 }, (_, j) => `m n=${i * 200 + j}i,s="${text}"`).join('\n'));
    }
    const find = async () =>
      (await request(product, 'GET', '/kapacitor/v1/recordings/filling')).json<{ status: string; error: string }>();
    await until('the end of the recording', async () => (await find()).status === 'failed', 20_000);
    expect((await find()).error).toBe('no space left on the disk of the recordings');
    await write(product, 'm n=1i');
    await until('all points', async () => (await counted()) === 8001, 10_000);
  });

  it('has writes refused with the reason, and all goes on once there is room', async () => {
    const ballast = join(disk, 'ballast');
    mkdirSync(ballast);
    const fill = () => {
      const { bavail, bsize } = statfsSync(disk);
      try {
        appendFileSync(join(ballast, 'file'), Buffer.alloc(Math.min(bavail * bsize, 64 * MEGABYTE)));
      } catch {
        // Others write, too: it is full.
      }
      return bavail * bsize === 0;
    };
    let acknowledged = 8001;
    let refused = '';
    const end = Date.now() + 30_000;
    while (!refused.includes('no space left') && Date.now() < end) {
      fill();
      const answer = await tryToWrite(`m s="${'y'.repeat(100_000)}"`);
      if (answer.status === 204) acknowledged++;
      else {
        expect(answer.status).toBe(503);
        refused = answer.text;
      }
    }
    expect(refused.trim()).toBe('the write log is unavailable: no space left on the disk');
    // Longer than the first pauses of what is started again.
    await sleep(4000);
    expect((await request(product, 'GET', '/kapacitor/v1/ping')).status).toBe(204);
    expect((await tryToWrite('m n=1i')).status).toBe(503);
    expect(product.logs.filter((line) => line.includes('Redis waits: there is no room')).length).toBe(1);

    rmSync(ballast, { recursive: true });
    await until(
      'writes to go on',
      async () => {
        const { status } = await tryToWrite('m n=2i').catch(() => ({ status: 0 }));
        if (status === 204) acknowledged++;
        return status === 204;
      },
      40_000,
    );
    await until('all points', async () => (await counted()) >= acknowledged, 30_000);
  });
});
