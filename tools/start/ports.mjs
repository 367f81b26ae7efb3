import { createConnection, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Whether a server could listen on the port.
 * @param {number} port
 * @param {string} [host] all addresses when left out
 */
export function isFree(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host }, () => server.close(() => resolve(true)));
  });
}

/**
 * Free ports of 127.0.0.1, all different: each is held until the last one is known.
 * @param {number} count
 * @returns {Promise<number[]>}
 */
export async function freePorts(count) {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise((resolve, reject) => {
          const server = createServer()
            .once('error', reject)
            .listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/**
 * Whether something takes connections there.
 * @param {number} port
 * @param {string} [host]
 */
export function accepts(port, host = '127.0.0.1') {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host, timeout: 1000 });
    const answer = (value) => {
      socket.destroy();
      resolve(value);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
    socket.once('timeout', () => answer(false));
  });
}

/**
 * Asks until the answer is yes.
 * @param {() => Promise<boolean>} question
 * @param {number} patience milliseconds
 * @param {number} [pause] milliseconds between two questions
 * @returns {Promise<boolean>} false when the patience ran out
 */
export async function until(question, patience, pause = 25) {
  const end = Date.now() + patience;
  for (;;) {
    if (await question()) return true;
    if (Date.now() > end) return false;
    await sleep(pause);
  }
}
