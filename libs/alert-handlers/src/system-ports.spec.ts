import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemFiles, systemProcesses as processesWithin, systemTcp } from './system-ports';

const systemProcesses = processesWithin(60_000);
const never = new AbortController().signal;

describe('files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'alerts-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are appended to, and made with the given permissions', async () => {
    const path = join(folder, 'log');
    await systemFiles.append(path, 'one\n', 0o640);
    await systemFiles.append(path, 'two\n', 0o640);
    expect(await readFile(path, 'utf8')).toBe('one\ntwo\n');
    expect((await stat(path)).mode & 0o777 & ~0o022).toBe(0o640 & ~0o022);
  });
});

describe('a pipe that nobody reads', () => {
  it('is refused at once and takes no thread', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'alerts-'));
    const pipes = Array.from({ length: 8 }, (_, i) => join(folder, `${i}`));
    for (const pipe of pipes) execFileSync('mkfifo', [pipe]);
    const outcomes = await Promise.allSettled(pipes.map((pipe) => systemFiles.append(pipe, 'x', 0o600)));
    expect(outcomes.map(({ status }) => status)).toEqual(pipes.map(() => 'rejected'));
    await rm(folder, { recursive: true });
  }, 5000);
});

describe('processes', () => {
  it('get their input and are waited for', async () => {
    expect(await systemProcesses.run('/bin/sh', ['-c', 'cat; echo err >&2; exit 3'], 'in', never)).toEqual({
      code: 3,
      output: expect.stringMatching(/^in/),
    });
  });

  it('may end without reading their input', async () => {
    expect((await systemProcesses.run('/bin/sh', ['-c', 'exit 0'], 'x'.repeat(1_000_000), never)).code).toBe(0);
  });

  it('keep no more than some kilobytes of output', async () => {
    const { output } = await systemProcesses.run('/bin/sh', ['-c', 'yes | head -c 1000000'], '', never);
    expect(output).toHaveLength(8 * 1024);
  });

  it('that cannot be started are not tried again', async () => {
    await expect(systemProcesses.run('/no/such/program', [], '', never)).rejects.toMatchObject({ retry: 'never' });
  });

  it('are killed on abort', async () => {
    const abort = new AbortController();
    const running = systemProcesses.run('/bin/sleep', ['60'], '', abort.signal);
    abort.abort();
    await expect(running).rejects.toMatchObject({ retry: 'later' });
  });

  it('are killed with what they started when their time is over', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'alerts-'));
    const pid = join(folder, 'pid');
    const running = processesWithin(300).run('/bin/sh', ['-c', 'sleep 60 & echo $! > "$0"; wait', pid], '', never);
    await expect(running).rejects.toMatchObject({ retry: 'never', message: 'alert command was killed after 0.3s' });
    const child = Number(await readFile(pid, 'utf8'));
    await rm(folder, { recursive: true });
    await expect.poll(() => isRunning(child)).toBe(false);
  });
});

/** Whether a process does anything: one that nobody has waited for yet is a zombie. */
async function isRunning(pid: number): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return text !== undefined && !/\) Z /.test(text);
}

describe('tcp', () => {
  it('writes the text and closes', async () => {
    const received: string[] = [];
    const server = createServer((socket) => {
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('end', () => received.push(text));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await systemTcp.send(`127.0.0.1:${port}`, 'event\n\n', never);
    await new Promise((resolve) => server.close(resolve));
    expect(received).toEqual(['event\n\n']);
  });

  it('rejects an address that is none for good, and one where nobody listens for now', async () => {
    await expect(systemTcp.send('nowhere', 'x', never)).rejects.toMatchObject({ retry: 'never' });
    await expect(systemTcp.send('127.0.0.1:1', 'x', never)).rejects.toThrow('ECONNREFUSED');
  });
});
