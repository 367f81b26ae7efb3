import { RecordingFormatError } from './errors';

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;

/** A batch travels as one message, which has a limit. */
const MAX_OBJECT_BYTES = 60 * 1024 * 1024;

const isBlank = (c: number) => c === 32 || c === 10 || c === 13 || c === 9;

/** Splits concatenated JSON objects, as they come in, into the text of each. */
export class ObjectSplitter {
  private readonly pieces: Uint8Array[] = [];
  private held = 0;
  private depth = 0;
  private quoted = false;
  private escaped = false;

  /** The objects that are complete with this piece. Throws RecordingFormatError for what stands between objects. */
  push(piece: Uint8Array): string[] {
    const objects: string[] = [];
    let start = 0;
    for (let at = 0; at < piece.length; at++) {
      const c = piece[at]!;
      if (this.escaped) this.escaped = false;
      else if (this.quoted) {
        if (c === BACKSLASH) this.escaped = true;
        else if (c === QUOTE) this.quoted = false;
      } else if (c === OPEN) {
        if (this.depth++ === 0) start = at;
      } else if (this.depth === 0) {
        if (!isBlank(c))
          throw new RecordingFormatError(`invalid character ${quoteOf(c)} looking for beginning of value`);
      } else if (c === QUOTE) this.quoted = true;
      else if (c === CLOSE && --this.depth === 0) {
        this.hold(piece.subarray(start, at + 1));
        objects.push(Buffer.concat(this.pieces).toString('utf8'));
        this.pieces.length = 0;
        this.held = 0;
      }
    }
    if (this.depth > 0) this.hold(Buffer.from(piece.subarray(start)));
    return objects;
  }

  /** Throws RecordingFormatError when the last object is not complete. */
  end(): void {
    if (this.depth > 0) throw new RecordingFormatError('unexpected EOF');
  }

  private hold(piece: Uint8Array): void {
    this.pieces.push(piece);
    this.held += piece.length;
    if (this.held > MAX_OBJECT_BYTES) throw new RecordingFormatError('a batch of the recording is too large');
  }
}

const quoteOf = (c: number) => `'${String.fromCharCode(c)}'`;
