import type { Batch, Point } from '@supercap/data-model';
import { openBatchRecording, readStreamRecording, RecordingFormatError } from '@supercap/recording';
import type { RecordingType } from '@supercap/storage';
import { open, type FileHandle } from 'node:fs/promises';
import { piecesOf, randomAccess } from '../files/recording-files';

export type OpenedRecording = (
  | { readonly type: 'stream'; readonly points: AsyncIterable<readonly Point[]> }
  | { readonly type: 'batch'; readonly queries: readonly AsyncIterable<Batch>[] }
) & { close(): Promise<void> };

/** A recording that cannot be opened. */
export class OpenError extends Error {
  override readonly name = 'OpenError';
}

/** What is wrong with the file as such, not with what is in it. */
const FILE_PROBLEM = /^(?:EOF|gzip: invalid header|zip: .*)$/;

/** Throws OpenError. */
export async function openRecording(path: string, type: RecordingType): Promise<OpenedRecording> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new OpenError(isMissing ? missing(path) : error instanceof Error ? error.message : String(error));
  }
  const close = () => file.close().catch(() => undefined);
  try {
    if (type === 'batch') return { type, queries: await openBatchRecording(await randomAccess(file)), close };
    return { type, points: await begun(readStreamRecording(piecesOf(file))), close };
  } catch (error) {
    await close();
    if (error instanceof RecordingFormatError && FILE_PROBLEM.test(error.message)) throw new OpenError(error.message);
    throw error;
  }
}

export const missing = (path: string) => `open ${path}: no such file or directory`;

/** Reads the beginning at once, so that a file that is none is found out now. */
async function begun(lists: AsyncGenerator<Point[], void>): Promise<AsyncIterable<readonly Point[]>> {
  const first = await lists.next().catch((error: unknown) => {
    if (error instanceof RecordingFormatError && FILE_PROBLEM.test(error.message)) throw error;
    return { failure: error };
  });
  return (async function* () {
    if ('failure' in first) throw first.failure;
    if (first.done !== true) yield first.value;
    yield* lists;
  })();
}
