import { status, type ClientWritableStream, type ServiceError } from '@grpc/grpc-js';
import { executor } from '@supercap/protocol';
import { callMetadata, fromServiceError } from '@supercap/transport';

/** One replay at an executor: what is sent goes through a private copy of the task. */
export class ExecutorSession {
  private readonly call: ClientWritableStream<executor.ReplayInput>;
  /** Resolves when the executor is done, or sooner when something failed. */
  readonly result: Promise<executor.ReplayResult>;
  private readonly ended = new AbortController();

  constructor(client: executor.ExecutorClient, start: executor.ReplayStart) {
    let settle!: (result: executor.ReplayResult) => void;
    let fail!: (error: Error) => void;
    this.result = new Promise((resolve, reject) => {
      settle = resolve;
      fail = reject;
    });
    // It is looked at later, or not at all when the replay failed before.
    this.result.catch(() => undefined);
    this.call = client.replay(callMetadata(), (error: ServiceError | null, result) => {
      this.ended.abort();
      this.call.emit('drain');
      if (error === null) settle(result);
      else fail(error.code === status.CANCELLED ? error : fromServiceError(error, 'stream-executor'));
    });
    // The callback tells what happened.
    this.call.on('error', () => undefined);
    this.call.write({ start });
  }

  /** The executor has answered: it takes nothing more. */
  get isOver(): boolean {
    return this.ended.signal.aborted;
  }

  /** Aborted when the executor has answered. */
  get over(): AbortSignal {
    return this.ended.signal;
  }

  /** Sends; resolves when more can be sent. What comes after the answer is dropped. */
  async send(input: executor.ReplayInput): Promise<void> {
    if (this.isOver || this.call.write(input)) return;
    await new Promise<void>((resolve) => this.call.once('drain', resolve));
  }

  /** Everything was sent. */
  end(): void {
    if (!this.isOver) this.call.end();
  }

  cancel(): void {
    this.call.cancel();
  }
}
