import type { Batch } from '@supercap/data-model';
import { batchFromJson, batchToJson } from './batch-json';
import { ObjectSplitter } from './json-objects';
import { readZipDirectory, readZipEntry, type RandomAccess } from './zip-reader';
import { ZipWriter } from './zip-writer';

/** Writes a batch recording: one entry per query, in the order in which they are added. */
export class BatchRecordingWriter {
  private readonly archive: ZipWriter;
  private count = 0;

  constructor(sink: (bytes: Uint8Array) => Promise<void>) {
    this.archive = new ZipWriter(sink);
  }

  /** Adds the batches of the next query. */
  async add(batches: AsyncIterable<Batch>): Promise<void> {
    await this.archive.add(String(this.count++), lines(batches));
  }

  async end(): Promise<void> {
    await this.archive.end();
  }
}

async function* lines(batches: AsyncIterable<Batch>): AsyncGenerator<Buffer> {
  for await (const batch of batches) yield Buffer.from(`${batchToJson(batch)}\n`);
}

/** The entries of a batch recording, one per query: each gives its batches, those without points left out. */
export async function openBatchRecording(file: RandomAccess): Promise<AsyncIterable<Batch>[]> {
  const entries = await readZipDirectory(file);
  return entries.map((entry) => ({
    async *[Symbol.asyncIterator]() {
      const objects = new ObjectSplitter();
      for await (const piece of readZipEntry(file, entry)) {
        for (const json of objects.push(piece)) {
          const batch = batchFromJson(json);
          if (batch.points.length > 0) yield batch;
        }
      }
      objects.end();
    },
  }));
}
