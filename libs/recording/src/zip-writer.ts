import { crc32, createDeflateRaw, type DeflateRaw } from 'node:zlib';

// ZIP as recordings use it: deflate, sizes in descriptors behind the data, no times.

const LOCAL_HEADER = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const CENTRAL_HEADER = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
const FLAG_DESCRIPTOR = 8;
const DEFLATE = 8;
const MAX_SIZE = 0xffff_ffff;

interface WrittenEntry {
  readonly name: Buffer;
  readonly offset: number;
  readonly crc: number;
  readonly compressed: number;
  readonly size: number;
}

export class ArchiveTooLargeError extends Error {
  override readonly name = 'ArchiveTooLargeError';
  constructor() {
    super('the recording is larger than the 4 GiB that its archive can hold');
  }
}

/** Writes an archive entry by entry. `sink` takes the bytes in order. */
export class ZipWriter {
  private readonly entries: WrittenEntry[] = [];
  private offset = 0;

  constructor(private readonly sink: (bytes: Uint8Array) => Promise<void>) {}

  /** Adds an entry with what `content` gives. */
  async add(entryName: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const name = Buffer.from(entryName);
    const { offset } = this;
    await this.write(localHeader(name));
    const start = this.offset;
    let crc = 0;
    let size = 0;
    const deflate = createDeflateRaw();
    const feeding = (async () => {
      for await (const piece of content) {
        crc = crc32(piece, crc);
        size += piece.length;
        await push(deflate, piece);
      }
      deflate.end();
    })();
    feeding.catch((error: Error) => deflate.destroy(error));
    for await (const piece of deflate as AsyncIterable<Buffer>) await this.write(piece);
    await feeding;
    const entry = { name, offset, crc, compressed: this.offset - start, size };
    if (size > MAX_SIZE) throw new ArchiveTooLargeError();
    await this.write(numbers([DESCRIPTOR, entry.crc, entry.compressed, entry.size]));
    this.entries.push(entry);
  }

  /** Writes the directory: the archive is complete. */
  async end(): Promise<void> {
    const start = this.offset;
    for (const entry of this.entries) await this.write(centralHeader(entry));
    const end = Buffer.alloc(22);
    end.writeUInt32LE(END, 0);
    end.writeUInt16LE(this.entries.length, 8);
    end.writeUInt16LE(this.entries.length, 10);
    end.writeUInt32LE(this.offset - start, 12);
    end.writeUInt32LE(start, 16);
    await this.write(end);
  }

  private async write(bytes: Buffer): Promise<void> {
    if (this.offset + bytes.length > MAX_SIZE) throw new ArchiveTooLargeError();
    this.offset += bytes.length;
    await this.sink(bytes);
  }
}

function push(stream: DeflateRaw, piece: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => stream.write(piece, (error) => (error ? reject(error) : resolve())));
}

const numbers = (values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => bytes.writeUInt32LE(value, i * 4));
  return bytes;
};

function localHeader(name: Buffer): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(LOCAL_HEADER, 0);
  header.writeUInt16LE(VERSION, 4);
  header.writeUInt16LE(FLAG_DESCRIPTOR, 6);
  header.writeUInt16LE(DEFLATE, 8);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name]);
}

function centralHeader({ name, offset, crc, compressed, size }: WrittenEntry): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(CENTRAL_HEADER, 0);
  header.writeUInt16LE(VERSION, 4);
  header.writeUInt16LE(VERSION, 6);
  header.writeUInt16LE(FLAG_DESCRIPTOR, 8);
  header.writeUInt16LE(DEFLATE, 10);
  header.writeUInt32LE(crc, 16);
  header.writeUInt32LE(compressed, 20);
  header.writeUInt32LE(size, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt32LE(offset, 42);
  return Buffer.concat([header, name]);
}
