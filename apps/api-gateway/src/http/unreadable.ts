import type { Socket } from 'node:net';
import { JSON_TYPE } from './exchange';

/** What Node's parser says of a request, by its code. */
const ANSWERS: Readonly<Record<string, readonly [status: string, error: string]>> = {
  // A method that nobody knows is one that no path has.
  HPE_INVALID_METHOD: ['404 Not Found', 'Not Found'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'the headers are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'the request did not come in time'],
};

/** Answers a request that is no HTTP, in the form that clients of the API know, and closes its connection. */
export function answerUnreadable(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, text] = ANSWERS[error.code ?? ''] ?? ['400 Bad Request', 'the request cannot be read'];
  const body = JSON.stringify({ error: text });
  const head = [
    `HTTP/1.1 ${status}`,
    `Content-Type: ${JSON_TYPE}`,
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
