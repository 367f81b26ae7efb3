import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { connect } from 'node:net';
import { DeliveryError, type FilePort, type ProcessPort, type TcpPort } from '@supercap/alerting';

/** What a program may write before the rest is thrown away. */
const OUTPUT_LIMIT = 8 * 1024;
const CONNECT_TIMEOUT_MS = 30_000;

export const systemFiles: FilePort = {
  async append(path, text, mode) {
    const file = await open(path, 'a', mode);
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
  },
};

export const systemProcesses: ProcessPort = {
  run: (program, args, input, signal) =>
    new Promise((resolve, reject) => {
      const child = spawn(program, [...args], { stdio: ['pipe', 'pipe', 'pipe'], signal, killSignal: 'SIGKILL' });
      let output = '';
      const collect = (chunk: Buffer) => {
        if (output.length < OUTPUT_LIMIT) output += chunk.toString('utf8').slice(0, OUTPUT_LIMIT - output.length);
      };
      child.stdout.on('data', collect);
      child.stderr.on('data', collect);
      // A program may end without reading its input.
      child.stdin.on('error', () => undefined);
      child.on('error', (error) =>
        reject(new DeliveryError(`error starting alert command: ${error.message}`, signal.aborted ? 'later' : 'never')),
      );
      child.on('close', (code) => resolve({ code: code ?? undefined, output }));
      child.stdin.end(input);
    }),
};

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
