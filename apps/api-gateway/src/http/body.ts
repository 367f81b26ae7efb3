import { HttpError } from '@supercap/transport';
import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';

export interface BodyLimits {
  /** Bytes as they arrive. */
  readonly bytes: number;
  /** Bytes once a compressed body is inflated. */
  readonly inflatedBytes: number;
}

const tooLarge = (limit: number) => new HttpError(413, `request body is larger than the limit of ${limit} bytes`);

/** The body of a request, inflated when it is compressed. Throws HttpError 413 or 400. */
export async function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limits.bytes) throw tooLarge(limits.bytes);
  const isGzip = /^(?:x-)?gzip$/i.test(request.headers['content-encoding'] ?? '');
  const raw = await collect(request, limits.bytes, declared);
  return isGzip ? inflate(raw, limits.inflatedBytes) : raw;
}

function collect(request: IncomingMessage, limit: number, declared: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        request.removeAllListeners('data');
        reject(tooLarge(limit));
        return;
      }
      chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)));
    request.on('error', reject);
    request.on('close', () => {
      if (!request.complete) reject(new HttpError(400, `unexpected end of the body after ${size} of ${declared} bytes`));
    });
  });
}

/** Stops at the limit: what a small body inflates to must not fill the memory. */
function inflate(bytes: Buffer, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const gunzip = createGunzip();
    const chunks: Buffer[] = [];
    let size = 0;
    gunzip.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        gunzip.destroy();
        reject(tooLarge(limit));
        return;
      }
      chunks.push(chunk);
    });
    gunzip.on('end', () => resolve(Buffer.concat(chunks, size)));
    gunzip.on('error', (error: NodeJS.ErrnoException) =>
      reject(new HttpError(400, error.code === 'Z_BUF_ERROR' ? 'unexpected EOF' : 'gzip: invalid header')),
    );
    gunzip.end(bytes);
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text of a body. Throws HttpError 400 unless it is UTF-8. */
export function bodyText(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch {
    throw new HttpError(400, 'request body is not valid UTF-8');
  }
}
