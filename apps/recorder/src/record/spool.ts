import type { FileHandle } from 'node:fs/promises';
import { openToContinue } from '../files/recording-files';

/** The spool cannot be written or read. */
export class SpoolError extends Error {
  override readonly name = 'SpoolError';
}

const LENGTH_BYTES = 4;
/** An entry is as large as a write can be; what claims to be larger is none. */
const MOST_ENTRY_BYTES = 1024 * 1024 * 1024;

/**
 * The entries of the write log that a stream recording takes, as they stand there, each behind its length. They are kept at
 * the speed of the disk; what they say is read when the recording is over and holds the log no more.
 */
export class Spool {
  private waiting: Uint8Array[] = [];
  private waitingBytes = 0;
  private writing: Promise<void> = Promise.resolve();
  private failure: SpoolError | undefined;

  private constructor(
    private readonly file: FileHandle,
    private written: number,
  ) {}

  /** Goes on after the first `length` bytes of what is there. */
  static async open(path: string, length: number): Promise<Spool> {
    let file: FileHandle;
    try {
      file = await openToContinue(path);
    } catch (error) {
      throw spoolError(error);
    }
    const { size } = await file.stat();
    if (size < length) {
      await file.close();
      throw new SpoolError('what was recorded so far is gone');
    }
    await file.truncate(length);
    return new Spool(file, length);
  }

  /** How many bytes it has with those that are not in the file yet. */
  get length(): number {
    return this.written + this.waitingBytes;
  }

  /** How many of them are in the file, whole entries all. */
  get inFile(): number {
    return this.written;
  }

  get pending(): number {
    return this.waitingBytes;
  }

  append(entry: Uint8Array): void {
    const length = Buffer.allocUnsafe(LENGTH_BYTES);
    length.writeUInt32LE(entry.length);
    this.waiting.push(length, entry);
    this.waitingBytes += LENGTH_BYTES + entry.length;
  }

  /** Writes what waits. Throws SpoolError, from then on always. */
  async write(): Promise<void> {
    this.writing = this.writing.then(() => this.writeWaiting());
    await this.writing;
    if (this.failure !== undefined) throw this.failure;
  }

  /** Writes what waits, so that it outlives the machine's end. */
  async sync(): Promise<void> {
    await this.write();
    await this.file.datasync().catch((error: unknown) => {
      throw (this.failure = spoolError(error));
    });
  }

  private async writeWaiting(): Promise<void> {
    if (this.waitingBytes === 0 || this.failure !== undefined) return;
    const { waiting, waitingBytes } = this;
    const bytes = Buffer.concat(waiting, waitingBytes);
    this.waiting = [];
    try {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await this.file.write(bytes, done, bytes.length - done, this.written + done);
        done += bytesWritten;
      }
      this.written += waitingBytes;
    } catch (error) {
      this.failure = spoolError(error);
    }
    this.waitingBytes -= waitingBytes;
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

/** The entries in the first `length` bytes of a spool. */
export async function* spooledEntries(file: FileHandle, length: number): AsyncGenerator<Uint8Array> {
  const head = Buffer.allocUnsafe(LENGTH_BYTES);
  for (let at = 0; at + LENGTH_BYTES <= length;) {
    await readFully(file, head, at);
    const size = head.readUInt32LE();
    at += LENGTH_BYTES;
    if (size > MOST_ENTRY_BYTES || at + size > length) throw new SpoolError('what was recorded so far is damaged');
    // Memory of its own begins where numbers of eight bytes may.
    const entry = new Uint8Array(size);
    await readFully(file, entry, at);
    at += size;
    yield entry;
  }
}

async function readFully(file: FileHandle, target: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < target.length;) {
    const { bytesRead } = await file.read(target, done, target.length - done, at + done);
    if (bytesRead === 0) throw new SpoolError('what was recorded so far is gone');
    done += bytesRead;
  }
}

function spoolError(error: unknown): SpoolError {
  const isFull = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
  if (isFull) return new SpoolError('no space left on the disk of the recordings');
  return new SpoolError(error instanceof Error ? error.message : String(error));
}
