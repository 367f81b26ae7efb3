import { crc32, createInflateRaw } from 'node:zlib';
import { RecordingFormatError } from './errors';

/** A file of which any part can be read. */
export interface RandomAccess {
  readonly size: number;
  /** Exactly these bytes, which are within the file. */
  read(offset: number, length: number): Promise<Buffer>;
}

export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly compressed: number;
  readonly size: number;
  readonly offset: number;
}

const END = 0x06054b50;
const CENTRAL_HEADER = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const END_BYTES = 22;
const MAX_COMMENT = 0xffff;
const MAX_DIRECTORY_BYTES = 16 * 1024 * 1024;
const PIECE = 64 * 1024;
const STORED = 0;
const DEFLATED = 8;

const notAnArchive = () => new RecordingFormatError('zip: not a valid zip file');

/** The entries of an archive in the order of its directory. Throws RecordingFormatError. */
export async function readZipDirectory(file: RandomAccess): Promise<ZipEntry[]> {
  const tailLength = Math.min(file.size, END_BYTES + MAX_COMMENT);
  const tail = await file.read(file.size - tailLength, tailLength);
  const end = findEnd(tail);
  if (end < 0) throw notAnArchive();
  const count = tail.readUInt16LE(end + 10);
  const length = tail.readUInt32LE(end + 12);
  const offset = tail.readUInt32LE(end + 16);
  if (offset + length > file.size || length > MAX_DIRECTORY_BYTES) throw notAnArchive();
  const directory = await file.read(offset, length);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > length || directory.readUInt32LE(at) !== CENTRAL_HEADER) throw notAnArchive();
    const nameLength = directory.readUInt16LE(at + 28);
    const next = at + 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    if (next > length) throw notAnArchive();
    if ((directory.readUInt16LE(at + 8) & 1) !== 0) throw new RecordingFormatError('zip: the archive is encrypted');
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      compressed: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    });
    at = next;
  }
  return entries;
}

function findEnd(tail: Buffer): number {
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (tail.readUInt32LE(at) === END && at + END_BYTES + tail.readUInt16LE(at + 20) <= tail.length) return at;
  }
  return -1;
}

/** The content of an entry, piece by piece. Throws RecordingFormatError, for a wrong checksum at the end. */
export async function* readZipEntry(file: RandomAccess, entry: ZipEntry): AsyncGenerator<Buffer> {
  const pieces = contentOf(file, entry);
  const content = entry.method === DEFLATED ? inflate(pieces) : pieces;
  if (entry.method !== DEFLATED && entry.method !== STORED) {
    throw new RecordingFormatError('zip: unsupported compression algorithm');
  }
  let crc = 0;
  let size = 0;
  for await (const piece of content) {
    crc = crc32(piece, crc);
    size += piece.length;
    if (size > entry.size) throw new RecordingFormatError('zip: checksum error');
    yield piece;
  }
  if (size !== entry.size) throw new RecordingFormatError('unexpected EOF');
  if (crc !== entry.crc) throw new RecordingFormatError('zip: checksum error');
}

async function* contentOf(file: RandomAccess, { offset, compressed }: ZipEntry): AsyncGenerator<Buffer> {
  if (offset + 30 > file.size) throw notAnArchive();
  const header = await file.read(offset, 30);
  if (header.readUInt32LE(0) !== LOCAL_HEADER) throw notAnArchive();
  const start = offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const end = start + compressed;
  if (end > file.size) throw new RecordingFormatError('unexpected EOF');
  for (let at = start; at < end; at += PIECE) yield await file.read(at, Math.min(PIECE, end - at));
}

async function* inflate(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const stream = createInflateRaw();
  const feeding = (async () => {
    for await (const piece of pieces) {
      if (stream.destroyed) return;
      await new Promise<void>((resolve) => stream.write(piece, () => resolve()));
    }
    stream.end();
  })();
  feeding.catch((error: Error) => stream.destroy(error));
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) yield piece;
    await feeding;
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || !String(error.code).startsWith('Z_')) throw error;
    throw new RecordingFormatError(
      error.code === 'Z_BUF_ERROR' ? 'unexpected EOF' : `flate: corrupt input: ${error.message}`,
    );
  } finally {
    stream.destroy();
  }
}
