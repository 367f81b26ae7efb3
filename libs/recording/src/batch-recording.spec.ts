import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Batch } from '@supercap/data-model';
import { batchFromJson, BatchRecordingWriter, batchToJson, openBatchRecording, type RandomAccess } from './index';
import { ObjectSplitter } from './json-objects';

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

const batch = (value: number) =>
  batchFromJson(
    `{"name":"m","tmax":"2017-07-14T02:40:30Z","points":[{"fields":{"v":${value}},"tags":null,"time":"2017-07-14T02:40:00Z"}]}`,
  );

async function written(queries: readonly (readonly Batch[])[]): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  const writer = new BatchRecordingWriter(async (bytes) => void pieces.push(bytes));
  for (const batches of queries) await writer.add(each(batches));
  await writer.end();
  return Buffer.concat(pieces);
}

const fileOf = (bytes: Buffer): RandomAccess => ({
  size: bytes.length,
  read: async (offset, length) => bytes.subarray(offset, offset + length),
});

async function read(bytes: Buffer): Promise<string[][]> {
  const queries = await openBatchRecording(fileOf(bytes));
  return Promise.all(
    queries.map(async (batches) => {
      const all: string[] = [];
      for await (const one of batches) all.push(batchToJson(one));
      return all;
    }),
  );
}

describe('a batch recording', () => {
  it('comes back as it was, query by query', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })), { maxLength: 4 }),
        async (queries) => {
          const batches = queries.map((values) => values.map(batch));
          expect(await read(await written(batches))).toEqual(batches.map((list) => list.map(batchToJson)));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('is an archive of deflated entries with descriptors and no times', async () => {
    const bytes = await written([[batch(1)], []]);
    expect(bytes.readUInt32LE(0)).toBe(0x04034b50);
    expect([bytes.readUInt16LE(6), bytes.readUInt16LE(8), bytes.readUInt32LE(10)]).toEqual([8, 8, 0]);
    expect(bytes.toString('latin1', 30, 31)).toBe('0');
  });

  it('leaves out batches without points', async () => {
    const empty = batchFromJson('{"name":"m","tmax":"2017-07-14T02:40:30Z"}');
    expect(await read(await written([[empty, batch(1)]]))).toEqual([[batchToJson(batch(1))]]);
  });

  it('that is no archive is refused', async () => {
    await expect(read(Buffer.from('d\nr\nm v=1 1\n'))).rejects.toThrow('zip: not a valid zip file');
    await expect(read(Buffer.alloc(0))).rejects.toThrow('zip: not a valid zip file');
  });

  it('that is damaged anywhere is refused or read, but never hangs or breaks', async () => {
    const bytes = await written([[batch(1), batch(2)], [batch(3)]]);
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes);
      damaged[at] = damaged[at]! ^ 0xff;
      await read(damaged).catch((error: unknown) => expect(error).toBeInstanceOf(Error));
    }
    for (let length = 0; length < bytes.length; length++) {
      await expect(read(bytes.subarray(0, length))).rejects.toThrow('zip: not a valid zip file');
    }
  });

  it('that holds other data than it says is refused', async () => {
    const bytes = await written([[batch(1)]]);
    const directory = bytes.readUInt32LE(bytes.length - 6);
    bytes.writeUInt32LE(1, directory + 16);
    await expect(read(bytes)).rejects.toThrow('zip: checksum error');
  });
});

describe('concatenated objects', () => {
  it('are told apart, wherever they are cut', () => {
    const objects = ['{"a":"}{\\""}', '{"b":{"c":[]}}', '{}'];
    const text = Buffer.from(`\n ${objects.join('\n')}\n`);
    for (let at = 0; at <= text.length; at++) {
      const splitter = new ObjectSplitter();
      expect([...splitter.push(text.subarray(0, at)), ...splitter.push(text.subarray(at))]).toEqual(objects);
      splitter.end();
    }
  });

  it('have nothing else between them and an end', () => {
    expect(() => new ObjectSplitter().push(Buffer.from('{} x'))).toThrow(
      "invalid character 'x' looking for beginning of value",
    );
    const splitter = new ObjectSplitter();
    splitter.push(Buffer.from('{"a":'));
    expect(() => splitter.end()).toThrow('unexpected EOF');
  });
});
