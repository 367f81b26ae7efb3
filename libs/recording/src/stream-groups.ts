import { RecordingFormatError } from './errors';

const NEWLINE = 10;
const QUOTE = 34;
const EQUALS = 61;
const BLANK = 32;
const BACKSLASH = 92;

/** One point of a stream recording, as it stands there. */
export interface PointText {
  readonly db: string;
  readonly rp: string;
  readonly line: Buffer;
}

/** Longer points and names are refused: no write is that large. */
const MAX_GROUP_BYTES = 64 * 1024 * 1024;

/**
 * Splits the text of a stream recording into its groups of three lines, as it comes in. The point may hold newlines, in
 * strings and escaped in its tags.
 */
export class GroupSplitter {
  private held: Uint8Array[] = [];
  private heldBytes = 0;
  /** What is there is looked at again when it has doubled: a long point costs no more than its length. */
  private enough = 0;
  private rest = Buffer.alloc(0);
  private nameEnds: readonly [db: number, rp: number] | undefined;

  /** The groups that are complete with this piece, as far as it was worth looking. Throws RecordingFormatError. */
  push(piece: Uint8Array): PointText[] {
    this.held.push(piece);
    this.heldBytes += piece.length;
    if (this.heldBytes > MAX_GROUP_BYTES) throw new RecordingFormatError('a point of the recording is too long');
    return this.heldBytes < this.enough ? [] : this.split();
  }

  /** The text has ended: the last line may lack its newline. Throws RecordingFormatError when a group is incomplete. */
  end(): PointText[] {
    const groups = this.split();
    if (this.rest.length === 0) return groups;
    if (this.nameEnds === undefined || this.rest.length === this.nameEnds[1] + 1) {
      throw new RecordingFormatError('invalid replay file format, expected another line');
    }
    groups.push(this.group(0, this.rest.length));
    return groups;
  }

  private split(): PointText[] {
    this.rest = Buffer.concat(this.held);
    const groups: PointText[] = [];
    let start = 0;
    for (let end = this.endOfGroup(0); end !== undefined; end = this.endOfGroup(start)) {
      groups.push(this.group(start, end));
      start = end + 1;
    }
    // Names that were found belong to the group that is still incomplete.
    if (this.nameEnds !== undefined) this.nameEnds = [this.nameEnds[0] - start, this.nameEnds[1] - start];
    this.rest = this.rest.subarray(start);
    this.held = [this.rest];
    this.heldBytes = this.rest.length;
    this.enough = 2 * this.heldBytes;
    return groups;
  }

  private endOfGroup(start: number): number | undefined {
    const { rest } = this;
    const db = rest.indexOf(NEWLINE, start);
    const rp = db < 0 ? -1 : rest.indexOf(NEWLINE, db + 1);
    this.nameEnds = rp < 0 ? undefined : [db, rp];
    if (rp < 0) return undefined;
    return endOfPoint(rest, rp + 1);
  }

  private group(start: number, end: number): PointText {
    const [db, rp] = this.nameEnds!;
    const { rest } = this;
    return {
      db: rest.toString('utf8', start, db),
      rp: rest.toString('utf8', db + 1, rp),
      line: rest.subarray(rp + 1, end),
    };
  }
}

/** Where the line of line protocol that begins at `start` ends; undefined: beyond what is there. */
function endOfPoint(bytes: Buffer, start: number): number | undefined {
  let inFields = false;
  let quoted = false;
  for (let at = start; at < bytes.length; at++) {
    const c = bytes[at];
    if (quoted) {
      if (c === BACKSLASH) at++;
      else if (c === QUOTE) quoted = false;
    } else if (c === NEWLINE) {
      // Among the fields only strings hold newlines.
      if (inFields || at === start || bytes[at - 1] !== BACKSLASH) return at;
    } else if (c === BLANK) {
      if (at === start || bytes[at - 1] !== BACKSLASH) inFields = true;
    } else if (inFields && c === BACKSLASH) at++;
    else if (inFields && c === QUOTE && bytes[at - 1] === EQUALS) quoted = true;
  }
  return undefined;
}
