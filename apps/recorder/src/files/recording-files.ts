import type { RandomAccess } from '@supercap/recording';
import type { RecordingType } from '@supercap/storage';
import { constants, type Stats } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

const EXTENSION: Record<RecordingType, string> = { stream: '.srpl', batch: '.brpl' };
/** What is being made; never taken for a recording. */
const PART = '.part';
const PIECE = 64 * 1024;
const USAGE_MS = 900;

export interface FoundFile {
  readonly id: string;
  readonly type: RecordingType;
  readonly stats: Stats;
}

/** The folder of the recordings. */
export class RecordingFiles {
  private usage: { readonly at: number; readonly bytes: Promise<number> } | undefined;

  /** `mostBytes`: of a file that is made. */
  constructor(
    readonly folder: string,
    private readonly mostBytes = Infinity,
  ) {}

  async open(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o755 });
  }

  path(id: string, type: RecordingType): string {
    return join(this.folder, `${id}${EXTENSION[type]}`);
  }

  /** Where the entries of a stream recording are kept until it is complete. */
  spoolPath(job: string): string {
    return join(this.folder, `${job}.spool${PART}`);
  }

  /** Where a file is written until it is complete. */
  scratchPath(job: string): string {
    return join(this.folder, `${job}.file${PART}`);
  }

  /** Writes a file as a whole: it is there when it is complete, and not before. Returns its size. */
  async write(
    path: string,
    job: string,
    fill: (sink: (bytes: Uint8Array) => Promise<void>) => Promise<void>,
  ): Promise<bigint> {
    const part = this.scratchPath(job);
    const file = await open(part, 'w');
    let size = 0;
    try {
      await fill(async (bytes) => {
        size += bytes.length;
        if (size > this.mostBytes) throw new Error(`the recording is larger than the limit of ${this.mostBytes} bytes`);
        await file.writeFile(bytes);
      });
      await file.datasync();
    } finally {
      await file.close();
    }
    if (part !== path) await rename(part, path);
    return BigInt(size);
  }

  /** Bytes of all files in the folder, as they were a moment ago. */
  used(): Promise<number> {
    if (this.usage === undefined || Date.now() - this.usage.at > USAGE_MS) {
      this.usage = { at: Date.now(), bytes: this.sizes() };
    }
    return this.usage.bytes;
  }

  private async sizes(): Promise<number> {
    const stats = await Promise.all(
      // What is renamed or removed meanwhile counts the next time.
      (await readdir(this.folder)).map((name) => stat(join(this.folder, name)).catch(() => undefined)),
    );
    return stats.reduce((sum, one) => sum + (one?.isFile() === true ? one.size : 0), 0);
  }

  /** Everything that there is of a recording. */
  async remove(id: string): Promise<void> {
    await Promise.all((['stream', 'batch'] as const).map((type) => rm(this.path(id, type), { force: true })));
  }

  /** What a job has left behind. */
  async removeParts(job: string): Promise<void> {
    await Promise.all([this.spoolPath(job), this.scratchPath(job)].map((path) => rm(path, { force: true })));
  }

  /** Removes what jobs have left behind that are not among those that run. */
  async removeOrphans(jobs: ReadonlySet<string>): Promise<void> {
    for (const name of await readdir(this.folder)) {
      if (!name.endsWith(PART) || jobs.has(name.split('.')[0]!)) continue;
      await rm(join(this.folder, name), { force: true });
    }
  }

  /** The recordings in the folder, and a sentence for each file that is none. */
  async found(): Promise<{ files: FoundFile[]; problems: string[] }> {
    const files: FoundFile[] = [];
    const problems: string[] = [];
    for (const entry of await readdir(this.folder, { withFileTypes: true })) {
      const { name } = entry;
      if (!entry.isFile() || name.endsWith(PART)) continue;
      const dot = name.lastIndexOf('.');
      if (dot < 0) problems.push(`file ${name} is missing file extension`);
      else {
        const type = (['stream', 'batch'] as const).find((candidate) => EXTENSION[candidate] === name.slice(dot));
        if (type === undefined) problems.push(`${name} has unknown file type`);
        else files.push({ id: name.slice(0, dot), type, stats: await stat(join(this.folder, name)) });
      }
    }
    return { files, problems };
  }
}

/** The content of a file from the beginning. Closes it at the end. */
export async function* piecesOf(file: FileHandle): AsyncGenerator<Buffer> {
  try {
    for (let at = 0; ;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(PIECE), 0, PIECE, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

export async function randomAccess(file: FileHandle): Promise<RandomAccess> {
  const { size } = await file.stat();
  return {
    size,
    async read(offset, length) {
      const buffer = Buffer.allocUnsafe(length);
      let done = 0;
      while (done < length) {
        const { bytesRead } = await file.read(buffer, done, length - done, offset + done);
        if (bytesRead === 0) throw new Error('unexpected EOF');
        done += bytesRead;
      }
      return buffer;
    },
  };
}

/** Opens a file to go on with what is there; it is made when missing. */
export const openToContinue = (path: string): Promise<FileHandle> =>
  open(path, constants.O_RDWR | constants.O_CREAT, 0o644);
