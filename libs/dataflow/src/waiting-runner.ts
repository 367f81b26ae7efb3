import { Batch, DeleteGroup, Point, type Message } from '@supercap/data-model';
import type { WaitingReceiver, Watched } from '@supercap/pipeline';
import { NodeRunner } from './node-runner';
import { sizeOf } from './state-size';

/** A node whose handlers wait: one message at a time, in order; what comes meanwhile waits in line. */
export class WaitingRunner extends NodeRunner {
  private receiver: WaitingReceiver<unknown> = {};
  private line: { readonly message: Message; readonly origin: unknown }[] = [];
  private pumping = false;
  private readonly abort = new AbortController();
  private idle: (() => void)[] = [];

  async start(watched: Watched | undefined): Promise<void> {
    const { runtime } = this.definition;
    if (runtime?.kind !== 'waiting') return;
    this.receiver = await runtime.create(this.context(watched));
  }

  receive(message: Message): void {
    if (this.abort.signal.aborted) return;
    this.around.waiting(1);
    this.line.push({ message, origin: this.around.origin.current });
    if (!this.pumping) void this.pump();
  }

  private async pump(): Promise<void> {
    this.pumping = true;
    while (this.line.length > 0) {
      const batch = this.line;
      this.line = [];
      for (const { message, origin } of batch) {
        if (this.abort.signal.aborted) break;
        try {
          const out = await this.handle(message);
          // Sent on under the place in the log that the message came from.
          const before = this.around.origin.current;
          this.around.origin.current = origin;
          if (out !== undefined && !this.abort.signal.aborted) this.send(out);
          this.around.origin.current = before;
        } catch (thrown) {
          if (!this.abort.signal.aborted) this.fail(thrown);
        }
        this.around.waiting(-1);
      }
      if (this.abort.signal.aborted) {
        this.around.waiting(-this.line.length);
        this.line = [];
      }
    }
    this.pumping = false;
    const waiters = this.idle;
    this.idle = [];
    for (const resolve of waiters) resolve();
  }

  private async handle(message: Message): Promise<Message | undefined> {
    const { receiver } = this;
    const { signal } = this.abort;
    if (message instanceof DeleteGroup) {
      const known = this.states?.delete(message.group);
      return this.states !== undefined && known === undefined ? undefined : message;
    }
    let state: unknown;
    if (this.states !== undefined) {
      const entry = this.openEntry(message);
      if (entry === undefined) return undefined;
      state = entry.state;
    }
    if (message instanceof Point && receiver.point) return receiver.point(message, state, signal);
    if (message instanceof Batch && receiver.batch) return receiver.batch(message, state, signal);
    return message;
  }

  protected openGroup(): void {
    // Waiting nodes keep nothing that would have to be opened.
  }

  protected override waitingBytes(): number {
    return sizeOf(this.line);
  }

  private whenIdle(): Promise<void> {
    return this.pumping ? new Promise((resolve) => this.idle.push(resolve)) : Promise.resolve();
  }

  async finish(): Promise<void> {
    await this.whenIdle();
    await this.receiver.finish?.();
  }

  close(): void {
    this.abort.abort();
    this.receiver.close?.();
  }
}
