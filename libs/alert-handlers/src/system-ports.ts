import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { connect } from 'node:net';
import { DeliveryError, type FilePort, type ProcessPort, type TcpPort } from '@supercap/alerting';

/** What a program may write before the rest is thrown away. */
const OUTPUT_LIMIT = 8 * 1024;
const CONNECT_TIMEOUT_MS = 30_000;

export const systemFiles: FilePort = {
  async append(path, text, mode) {
    // Whatever it is, opening it must not wait: there are four threads for all files and names of the process. A pipe
    // that nobody reads is refused at once, and one that is full fails the write.
    const { O_APPEND, O_CREAT, O_NONBLOCK, O_WRONLY } = constants;
    const file = await open(path, O_APPEND | O_CREAT | O_NONBLOCK | O_WRONLY, mode);
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
  },
};

/** Programs that may run so long, and are then killed with all that they have started. */
export const systemProcesses = (timeLimitMs: number): ProcessPort => ({
  run: (program, args, input, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(new DeliveryError('alert command was stopped', 'later'));
        return;
      }
      // A group of its own can be killed as a whole.
      const child = spawn(program, [...args], { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
      const end = (error: DeliveryError) => {
        settle();
        killGroup(child.pid);
        reject(error);
      };
      const stopped = () => end(new DeliveryError('alert command was stopped', 'later'));
      const timer = setTimeout(
        () => end(new DeliveryError(`alert command was killed after ${timeLimitMs / 1000}s`, 'never')),
        timeLimitMs,
      );
      const settle = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stopped);
      };
      signal.addEventListener('abort', stopped, { once: true });
      let output = '';
      const collect = (chunk: Buffer) => {
        if (output.length < OUTPUT_LIMIT) output += chunk.toString('utf8').slice(0, OUTPUT_LIMIT - output.length);
      };
      child.stdout.on('data', collect);
      child.stderr.on('data', collect);
      // A program may end without reading its input.
      child.stdin.on('error', () => undefined);
      child.on('error', (error) => {
        settle();
        reject(new DeliveryError(`error starting alert command: ${error.message}`, 'never'));
      });
      child.on('close', (code) => {
        settle();
        resolve({ code: code ?? undefined, output });
      });
      child.stdin.end(input);
    }),
});

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

export const systemTcp: TcpPort = {
  send: (address, text, signal) =>
    new Promise((resolve, reject) => {
      const at = address.lastIndexOf(':');
      const host = address.slice(0, at).replace(/^\[(.*)\]$/, '$1');
      const port = Number(address.slice(at + 1));
      if (at < 0 || !Number.isInteger(port) || port < 1 || port > 65_535) {
        reject(new DeliveryError(`address ${address}: not of the form host:port`, 'never'));
        return;
      }
      const socket = connect({ host: host === '' ? 'localhost' : host, port, signal });
      socket.setTimeout(CONNECT_TIMEOUT_MS, () => socket.destroy(new Error('i/o timeout')));
      socket.on('error', reject);
      socket.on('connect', () => socket.end(text));
      // What the other side says is of no interest, but must be read for the connection to close.
      socket.resume();
      socket.on('close', (hadError) => {
        if (!hadError) resolve();
      });
    }),
};
