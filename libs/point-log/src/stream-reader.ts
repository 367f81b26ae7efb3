import type { Redis } from 'ioredis';
import { ReplyReader, type Reply } from './reply-reader';

type Socket = Redis['stream'];

export interface StreamRead {
  readonly key: string;
  /** The entry after which to go on. */
  readonly after: string;
  readonly count: number;
  readonly blockMs: number;
  /** An answer that is so much later than Redis promised means that the connection is dead. */
  readonly silenceMs: number;
}

/**
 * Reads a stream over a connection that the client has made, past its parser (see `ReplyReader`). Once a connection is
 * taken over, the client can ask nothing on it any more; when it breaks, the client makes another one.
 */
export class StreamReader {
  private socket: Socket | undefined;
  private waiting: { resolve(reply: Reply): void; reject(error: Error): void } | undefined;

  hasTaken(socket: Socket): boolean {
    return this.socket === socket;
  }

  /** Takes over a connection on which nothing is under way. */
  take(socket: Socket): void {
    const reader = new ReplyReader();
    this.socket = socket;
    socket.removeAllListeners('data');
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const reply of reader.read(chunk)) this.answer(reply);
      } catch (error) {
        socket.destroy(error instanceof Error ? error : new Error(String(error)));
      }
    });
    socket.once('close', () => {
      if (this.socket === socket) this.socket = undefined;
      this.settle()?.reject(new Error('the connection was closed'));
    });
  }

  /** Breaks the connection: whatever goes wrong on it, another one starts afresh. */
  drop(): void {
    this.socket?.destroy();
  }

  /** What XREAD answers for the stream: pairs of an id and its fields. Null: nothing came in time. */
  async read({ key, after, count, blockMs, silenceMs }: StreamRead): Promise<Reply> {
    const { socket } = this;
    if (socket === undefined) throw new Error('there is no connection');
    const timer = setTimeout(() => socket.destroy(), blockMs + silenceMs);
    try {
      const reply = await new Promise<Reply>((resolve, reject) => {
        this.waiting = { resolve, reject };
        socket.write(command('XREAD', 'COUNT', `${count}`, 'BLOCK', `${blockMs}`, 'STREAMS', key, after));
      });
      if (reply instanceof Error) throw reply;
      return reply === null ? null : ((reply as readonly (readonly Reply[])[])[0]?.[1] ?? null);
    } finally {
      clearTimeout(timer);
    }
  }

  private answer(reply: Reply): void {
    const waiting = this.settle();
    if (waiting === undefined) throw new Error('an answer came that nobody asked for');
    waiting.resolve(reply);
  }

  private settle() {
    const { waiting } = this;
    this.waiting = undefined;
    return waiting;
  }
}

function command(...words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}
