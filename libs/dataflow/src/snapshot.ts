/**
 * The state of a task as bytes, in parts. Where they are cut means nothing, so that a store needs not hold the whole in
 * one piece of memory: what comes back may be cut elsewhere.
 */
export type Snapshot = readonly Buffer[];

const HEAD_BYTES = 4;

/** Puts its length before a piece. */
export function framed(piece: Buffer): Buffer[] {
  if (piece.length === 0) return [];
  const head = Buffer.allocUnsafe(HEAD_BYTES);
  head.writeUInt32LE(piece.length);
  return [head, piece];
}

/** The pieces that were framed. Throws RangeError when the end is missing. */
export function* piecesOf(snapshot: Snapshot): Generator<Buffer, undefined> {
  const bytes = new Parts(snapshot);
  while (!bytes.done) yield bytes.take(bytes.take(HEAD_BYTES).readUInt32LE());
  return undefined;
}

class Parts {
  private part = 0;
  private at = 0;

  constructor(private readonly parts: Snapshot) {
    this.skipEmpty();
  }

  get done(): boolean {
    return this.part === this.parts.length;
  }

  /** The next bytes: a view where they lie in one part, else a copy. */
  take(count: number): Buffer {
    const taken: Buffer[] = [];
    let left = count;
    while (left > 0) {
      if (this.done) throw new RangeError('the snapshot is cut off');
      const bytes = this.parts[this.part]!.subarray(this.at, this.at + left);
      taken.push(bytes);
      left -= bytes.length;
      this.at += bytes.length;
      this.skipEmpty();
    }
    return taken.length === 1 ? taken[0]! : Buffer.concat(taken);
  }

  private skipEmpty(): void {
    while (!this.done && this.at === this.parts[this.part]!.length) {
      this.part++;
      this.at = 0;
    }
  }
}
