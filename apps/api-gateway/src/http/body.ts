import { HttpError, unavailable } from '@supercap/transport';
import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';
import { unlimitedShare, type BodyShare } from './body-budget';
import type { BodyPace } from './body-pace';

export interface BodyLimits {
  /** Bytes as they arrive. */
  readonly bytes: number;
  /** Bytes once a compressed body is inflated. */
  readonly inflatedBytes: number;
  /** How fast it must arrive; as slowly as it likes unless given. */
  readonly pace?: BodyPace;
}

const tooLarge = (limit: number) => new HttpError(413, `request body is larger than the limit of ${limit} bytes`);
const tooSlow = () => new HttpError(408, 'the request body arrives too slowly');
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
  const memory = new LentMemory(declared);
  let size: number;
  try {
    size = await receive(request, limits, share, (chunk) => memory.add(chunk));
  } catch (error) {
    memory.giveBack();
    throw error;
  }
  return { bytes: memory.bytes(size), giveBack: () => memory.giveBack() };
}

/**
 * Memory for a body whose length is declared. What was declared is only taken once a good part of it is there: who
 * promises much and sends little holds little.
 */
class LentMemory {
  private chunks: Buffer[] = [];
  private size = 0;
  private target: Buffer | undefined;

  constructor(private readonly declared: number) {}

  add(chunk: Buffer): void {
    // The parser of HTTP delivers no more than was declared.
    if (this.target !== undefined) chunk.copy(this.target, this.size);
    else this.chunks.push(chunk);
    this.size += chunk.length;
    if (this.target === undefined && this.size * 4 >= this.declared) this.move();
  }

  private move(): void {
    let memory = pool.pop();
    if (memory === undefined || memory.length < this.declared) {
      memory = Buffer.allocUnsafeSlow(Math.max(this.declared, 64 * 1024));
    }
    let at = 0;
    for (const chunk of this.chunks) at += chunk.copy(memory, at);
    this.chunks = [];
    this.target = memory;
  }

  bytes(size: number): Buffer {
    if (this.target === undefined) this.move();
    return this.target!.subarray(0, size);
  }

  giveBack(): void {
    if (this.target !== undefined && pool.length < POOLED) pool.push(this.target);
    this.target = undefined;
    this.chunks = [];
  }
}

/** Takes in a body as it arrives; returns its length. Throws HttpError 413, 408, 400 or 503. */
function receive(
  request: IncomingMessage,
  { bytes: limit, pace }: BodyLimits,
  share: BodyShare,
  take: (chunk: Buffer) => void,
): Promise<number> {
  return new Promise((resolve, reject) => {
    let size = 0;
    const unwatch = pace?.watch(
      () => size,
      () => refuse(tooSlow()),
    );
    const refuse = (refusal: HttpError) => {
      unwatch?.();
      request.removeAllListeners('data');
      reject(refusal);
    };
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) return refuse(tooLarge(limit));
      if (!share.take(chunk.length)) return refuse(tooMany());
      take(chunk);
    });
    request.on('end', () => {
      unwatch?.();
      resolve(size);
    });
    rejectWhenCut(
      request,
      () => size,
      (error) => {
        unwatch?.();
        reject(error);
      },
    );
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
  const chunks: Buffer[] = [];
  const size = await receive(request, limits, share, (chunk) => void chunks.push(chunk));
  const raw = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size);
  return isGzip ? inflate(raw, limits.inflatedBytes, share) : raw;
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
