import type { Socket } from 'node:net';
import { JSON_TYPE } from './exchange';

/** What Node's parser says of a request, by its code. */
const ANSWERS: Readonly<Record<string, readonly [status: string, error: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'the headers are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'the request did not come in time'],
};

/** A request line whose method nobody knows: no path has it. */
const UNKNOWN_METHOD = /^[A-Z-]{1,32} \S+ HTTP\/1\.[01]\r\n/;

function answerTo(code: string, packet: string): readonly [status: string, error: string] {
  if (code === 'HPE_INVALID_METHOD' && UNKNOWN_METHOD.test(packet)) return ['404 Not Found', 'Not Found'];
  return ANSWERS[code] ?? ['400 Bad Request', 'the request cannot be read'];
}

/** Answers a request that is no HTTP, in the form that clients of the API know, and closes its connection. */
export function answerUnreadable(
  error: Error & { readonly code?: string; readonly rawPacket?: unknown },
  socket: Socket,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, text] = answerTo(
    error.code ?? '',
    Buffer.isBuffer(error.rawPacket) ? error.rawPacket.toString('latin1', 0, 8192) : '',
  );
  const body = JSON.stringify({ error: text });
  const head = [
    `HTTP/1.1 ${status}`,
    `Content-Type: ${JSON_TYPE}`,
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
