import { HttpError, unavailable } from '@supercap/transport';
import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';
import { unlimitedShare, type BodyShare } from './body-budget';

export interface BodyLimits {
  /** Bytes as they arrive. */
  readonly bytes: number;
  /** Bytes once a compressed body is inflated. */
  readonly inflatedBytes: number;
}

const tooLarge = (limit: number) => new HttpError(413, `request body is larger than the limit of ${limit} bytes`);
const tooMany = () => unavailable('too many large request bodies at once');

/** Bodies that are kept for the next request; larger ones are made anew. */
const POOLED_BYTES = 4 * 1024 * 1024;
const POOLED = 16;
const pool: Buffer[] = [];

/** A body in memory that is used again: its handler must not keep it. */
export interface LentBody {
  readonly bytes: Buffer;
  giveBack(): void;
}

/**
 * The body of a request for as long as its handler works on it. What is declared by its length and not compressed is
 * put into memory that serves one request after the other: it need not be collected as garbage.
 */
export async function lendBody(
  request: IncomingMessage,
  limits: BodyLimits,
  share: BodyShare = unlimitedShare,
): Promise<LentBody> {
  const declared = Number(request.headers['content-length'] ?? 0);
  const isPlain = request.headers['content-encoding'] === undefined;
  if (!isPlain || !(declared > 0) || declared > Math.min(POOLED_BYTES, limits.bytes)) {
    return { bytes: await readBody(request, limits, share), giveBack: () => undefined };
  }
  if (!share.take(declared)) throw tooMany();
  let memory = pool.pop();
  if (memory === undefined || memory.length < declared) memory = Buffer.allocUnsafeSlow(Math.max(declared, 64 * 1024));
  const bytes = memory;
  const size = await fill(request, bytes);
  return {
    bytes: bytes.subarray(0, size),
    giveBack: () => {
      if (pool.length < POOLED) pool.push(bytes);
    },
  };
}

function fill(request: IncomingMessage, target: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    let size = 0;
    // The parser of HTTP delivers no more than was declared.
    request.on('data', (chunk: Buffer) => {
      size += chunk.copy(target, size);
    });
    request.on('end', () => resolve(size));
    rejectWhenCut(request, () => size, reject);
  });
}

/** Whoever hangs up in the middle is no fault of ours, whatever error the socket gives for it. */
function rejectWhenCut(request: IncomingMessage, received: () => number, reject: (error: HttpError) => void): void {
  const cut = () => {
    if (!request.complete) reject(new HttpError(400, `unexpected end of the body after ${received()} bytes`));
  };
  request.on('error', cut);
  request.on('close', cut);
}

/** The body of a request, inflated when it is compressed. Throws HttpError 413, 400 or 503. */
export async function readBody(
  request: IncomingMessage,
  limits: BodyLimits,
  share: BodyShare = unlimitedShare,
): Promise<Buffer> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limits.bytes) throw tooLarge(limits.bytes);
  const isGzip = /^(?:x-)?gzip$/i.test(request.headers['content-encoding'] ?? '');
  const raw = await collect(request, limits.bytes, share);
  return isGzip ? inflate(raw, limits.inflatedBytes, share) : raw;
}

function collect(request: IncomingMessage, limit: number, share: BodyShare): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      const refusal = size > limit ? tooLarge(limit) : share.take(chunk.length) ? undefined : tooMany();
      if (refusal !== undefined) {
        request.removeAllListeners('data');
        reject(refusal);
        return;
      }
      chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)));
    rejectWhenCut(request, () => size, reject);
  });
}

/** Stops at the limit: what a small body inflates to must not fill the memory. */
function inflate(bytes: Buffer, limit: number, share: BodyShare): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const gunzip = createGunzip();
    const chunks: Buffer[] = [];
    let size = 0;
    gunzip.on('data', (chunk: Buffer) => {
      size += chunk.length;
      const refusal = size > limit ? tooLarge(limit) : share.take(chunk.length) ? undefined : tooMany();
      if (refusal !== undefined) {
        gunzip.destroy();
        reject(refusal);
        return;
      }
      chunks.push(chunk);
    });
    gunzip.on('end', () => resolve(Buffer.concat(chunks, size)));
    gunzip.on('error', (error: NodeJS.ErrnoException) =>
      reject(new HttpError(400, gzipProblem(error, bytes.length, gunzip.bytesWritten))),
    );
    gunzip.end(bytes);
  });
}

/** What is wrong with a compressed body, in Go's words. */
function gzipProblem({ code, message }: NodeJS.ErrnoException, length: number, read: number): string {
  if (code === 'Z_BUF_ERROR') return length === 0 ? 'EOF' : 'unexpected EOF';
  if (message === 'incorrect data check' || message === 'incorrect length check') return 'gzip: invalid checksum';
  if (message === 'incorrect header check' || message === 'unknown compression method') return 'gzip: invalid header';
  return `flate: corrupt input before offset ${read}`;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a body. Throws HttpError 400 unless it is UTF-8. */
export function bodyText(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch {
    throw new HttpError(400, 'request body is not valid UTF-8');
  }
}
