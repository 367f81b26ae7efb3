import type { FileHandle } from 'node:fs/promises';

/** The text cannot be written. */
export class TextFileError extends Error {
  override readonly name = 'TextFileError';
}

/** The growing text of a stream recording: collected in memory, written to its file in pieces. */
export class RecordedText {
  private pieces: string[] = [];
  private characters = 0;

  private constructor(
    private readonly file: FileHandle,
    private length: number,
  ) {}

  /** Goes on after the first `length` bytes of what is there. */
  static async open(file: FileHandle, length: number): Promise<RecordedText> {
    const { size } = await file.stat();
    if (size < length) {
      await file.close();
      throw new TextFileError('what was recorded so far is gone');
    }
    await file.truncate(length);
    return new RecordedText(file, length);
  }

  /** About how much waits to be written. */
  get pending(): number {
    return this.characters;
  }

  append(text: string): void {
    this.pieces.push(text);
    this.characters += text.length;
  }

  /** Writes what waits; returns the length of the file, which is on disk then. */
  async flush(): Promise<number> {
    if (this.characters > 0) {
      const bytes = Buffer.from(this.pieces.join(''));
      this.pieces = [];
      this.characters = 0;
      try {
        await this.write(bytes);
      } catch (error) {
        throw new TextFileError(error instanceof Error ? error.message : String(error));
      }
      this.length += bytes.length;
    }
    return this.length;
  }

  private async write(bytes: Buffer): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.file.write(bytes, done, bytes.length - done, this.length + done);
      done += bytesWritten;
    }
    await this.file.datasync();
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}
