/** What Redis answers: a bulk string, a list, a number or a status as text, nothing, or an error. */
export type Reply = Buffer | string | null | Error | readonly Reply[];

const CR = 13;
const MINUS = 45;
const COLON = 58;
const PLUS = 43;
const DOLLAR = 36;
const STAR = 42;

/** Lists within lists; what is read here has four. */
const MOST_LEVELS = 16;

/**
 * Reads replies of Redis (RESP 2) from chunks of bytes, cut anywhere. Every bulk string becomes a buffer of exactly its
 * own: the client's parser gives out pieces of a common one, which then lives as long as the last of them, and the
 * collector has to come for it.
 */
export class ReplyReader {
  private chunks: Buffer[] = [];
  /** Where in the first chunk what is unread begins, and how much of all of them that is. */
  private at = 0;
  private unread = 0;
  private reading: Generator<undefined, Reply, undefined> | undefined;

  /** The replies that are complete with this chunk. Throws Error for what is no reply; nothing can be read after that. */
  read(chunk: Buffer): Reply[] {
    this.chunks.push(chunk);
    this.unread += chunk.length;
    const replies: Reply[] = [];
    while (this.unread > 0 || this.reading !== undefined) {
      this.reading ??= this.reply(0);
      const { done, value } = this.reading.next();
      if (done !== true) break;
      this.reading = undefined;
      replies.push(value);
    }
    return replies;
  }

  /** Yields where it needs more bytes. */
  private *reply(level: number): Generator<undefined, Reply, undefined> {
    if (level > MOST_LEVELS) throw new Error('a reply of Redis is nested too deeply');
    const line = yield* this.line();
    const text = line.toString('latin1', 1);
    switch (line[0]) {
      case DOLLAR:
        return text === '-1' ? null : yield* this.bulk(lengthOf(text));
      case STAR: {
        if (text === '-1') return null;
        const items: Reply[] = [];
        for (let left = lengthOf(text); left > 0; left--) items.push(yield* this.reply(level + 1));
        return items;
      }
      case MINUS:
        return new Error(text);
      case COLON:
      case PLUS:
        return text;
      default:
        throw new Error('what Redis sent is no reply');
    }
  }

  private *bulk(length: number): Generator<undefined, Buffer, undefined> {
    while (this.unread < length + 2) yield undefined;
    const bytes = this.take(length);
    this.take(2);
    return bytes;
  }

  private *line(): Generator<undefined, Buffer, undefined> {
    for (let searched = 0; ; yield undefined) {
      const end = this.find(CR, searched);
      if (end >= 0 && this.unread >= end + 2) {
        const line = this.take(end);
        this.take(2);
        return line;
      }
      searched = end < 0 ? this.unread : end;
    }
  }

  /** How far from the first unread byte another one is; those before `from` are not looked at. */
  private find(byte: number, from: number): number {
    let before = -this.at;
    for (const chunk of this.chunks) {
      const start = Math.max(0, from - before);
      const found = start < chunk.length ? chunk.indexOf(byte, start) : -1;
      if (found >= 0) return before + found;
      before += chunk.length;
    }
    return -1;
  }

  /** The next bytes, in memory of their own. */
  private take(length: number): Buffer {
    const bytes = Buffer.allocUnsafeSlow(length);
    this.unread -= length;
    for (let filled = 0; filled < length;) {
      const chunk = this.chunks[0]!;
      const copied = chunk.copy(bytes, filled, this.at, this.at + length - filled);
      filled += copied;
      this.at += copied;
      if (this.at < chunk.length) break;
      this.chunks.shift();
      this.at = 0;
    }
    return bytes;
  }
}

function lengthOf(text: string): number {
  const length = Number(text);
  if (!Number.isInteger(length) || length < 0) throw new Error('a reply of Redis has no length');
  return length;
}
