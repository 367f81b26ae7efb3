import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { define, startProduct, until, write, type Product } from './harness';

// Clients that promise much and send little: nobody else waits for them, and they are cut off.

let product: Product;

beforeAll(async () => {
  product = await startProduct();
});

afterAll(() => product?.stop());

/** A write of four megabytes of which three bytes come; resolves with what was answered when the connection ends. */
function stall(port: number): { socket: Socket; answer: Promise<string> } {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  const answer = new Promise<string>((resolve) => {
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
  const head = 'POST /kapacitor/v1/write?db=d&rp=r HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4194304\r\n\r\n';
  socket.on('connect', () => socket.write(`${head}m v`));
  return { socket, answer };
}

it('hold up neither writes nor definitions, and are told that they are too slow', async () => {
  const port = Number(new URL(product.url).port);
  const stalled = Array.from({ length: 300 }, () => stall(port));
  try {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    for (let i = 0; i < 20; i++) await write(product, `m v=${i}\n`.repeat(1000));
    await define(product, { id: 'beside', script: `stream|from().measurement('m')` });
    let cutOff = 0;
    for (const { answer } of stalled) void answer.then(() => cutOff++);
    await until('all of them are cut off', async () => cutOff === stalled.length, 40_000);
    const answers = await Promise.all(stalled.map(({ answer }) => answer));
    expect(new Set(answers.map((text) => text.split('\r\n')[0]))).toEqual(new Set(['HTTP/1.1 408 Request Timeout']));
    expect(answers[0]).toContain('the request body arrives too slowly');
  } finally {
    for (const { socket } of stalled) socket.destroy();
  }
}, 90_000);
