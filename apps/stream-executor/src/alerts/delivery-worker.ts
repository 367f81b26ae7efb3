import {
  DeliveryError,
  delivered,
  failed,
  type AlertHandler,
  type HandlerServices,
  type HandlerSpec,
  type Outcome,
  type RenderedEvent,
  type Sender,
} from '@supercap/alerting';
import { REDIS_PREFIX } from '@supercap/protocol';
import type { EventStore } from '@supercap/storage';
import type { Logger } from '@supercap/telemetry';
import { DelayedError, Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { setMaxListeners } from 'node:events';
import { type Definition, Definitions } from './definitions';
import type { DeliveryJob } from './delivery-queue';

/** Jobs at work at once, over all handlers. */
const CONCURRENCY = 500;
/** Jobs of one handler that may wait their turn here before more of them are put off. */
const WAITING_PER_HANDLER = 50;
const PUT_OFF_MS = 2000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;
const SENDERS_KEPT = 2000;

export const handlerKey = ({ topic, id }: HandlerSpec) => `${topic}/${id}`;

interface SendOptions {
  readonly attempts: number;
  readonly signal?: AbortSignal;
  readonly definition?: Definition;
}

/**
 * Sends events to handlers: the jobs of one handler one after the other, the handlers beside each other. A chunk whose
 * receiver is away is tried again, with the chunks behind it waiting; an event that fails for good is noted and logged.
 */
export class DeliveryWorker {
  private readonly workers = new Map<string, Worker<DeliveryJob>>();
  private readonly lines = new Map<string, { tail: Promise<void>; length: number }>();
  private readonly senders = new Map<string, Sender>();
  /** Ids of jobs that this process delivers itself. */
  private readonly held = new Set<string>();
  private readonly stopping = new AbortController();
  private readonly definitions = new Definitions();

  constructor(
    private readonly redis: Redis,
    private readonly store: Pick<EventStore, 'dealtWith' | 'note'>,
    private readonly handlerOf: (kind: string) => AlertHandler | undefined,
    private readonly services: HandlerServices,
    /** So often an event is tried before it is set aside. */
    private readonly attempts: number,
    private readonly log: Logger,
  ) {
    // Every delivery that waits listens.
    setMaxListeners(0, this.stopping.signal);
  }

  /** Works through a queue, which no other executor does meanwhile. */
  serve(queue: string): void {
    if (this.workers.has(queue)) return;
    const worker = new Worker<DeliveryJob>(queue, (job, token) => this.process(job, token), {
      connection: this.redis,
      prefix: REDIS_PREFIX,
      concurrency: CONCURRENCY,
      lockDuration: 30_000,
      stalledInterval: 5_000,
      maxStalledCount: 1000,
    });
    worker.on('error', (error) => this.log.debug({ err: error.message, queue }, 'delivery worker'));
    this.workers.set(queue, worker);
  }

  async abandon(queue: string): Promise<void> {
    const worker = this.workers.get(queue);
    this.workers.delete(queue);
    await worker?.close();
  }

  get queues(): readonly string[] {
    return [...this.workers.keys()];
  }

  /** A handler with a long line here gets its events through the queue. */
  hasRoom(handler: HandlerSpec): boolean {
    const { number } = this.definitions.of(handler.topic);
    return (this.lines.get(`${handlerKey(handler)}/${number}`)?.length ?? 0) < WAITING_PER_HANDLER;
  }

  /** Delivers without a job, in turn. False: this process stops and the events have no outcome yet. */
  async deliverHere(id: string, { handler, events }: DeliveryJob, recheck: boolean): Promise<boolean> {
    this.held.add(id);
    const definition = this.definitions.of(handler.topic);
    try {
      return await this.inLine(handler, definition, async () => {
        try {
          const open = recheck ? await this.notDealtWith(handler, events) : events;
          return (await this.send(handler, open, { attempts: this.attempts, definition })) === 0;
        } catch (error) {
          // Only the notes of outcomes can fail: the job that is stored by then is delivered again, and asks.
          this.log.warn(
            { handler: handlerKey(handler), err: String(error) },
            'the outcome of a delivery could not be noted',
          );
          return false;
        }
      });
    } finally {
      this.held.delete(id);
    }
  }

  private async process(job: Job<DeliveryJob>, token: string | undefined): Promise<void> {
    const { handler, events } = job.data;
    if (this.held.has(job.id ?? '') || !this.hasRoom(handler)) {
      await job.moveToDelayed(Date.now() + PUT_OFF_MS, token);
      throw new DelayedError();
    }
    const definition = this.definitions.at(handler.topic, job.timestamp);
    const left = await this.inLine(handler, definition, async () =>
      this.send(handler, await this.notDealtWith(handler, events), { attempts: this.attempts, definition }),
    );
    if (left > 0) throw new Error('delivery was stopped');
  }

  /** The handlers of a topic are defined no more: what a receiver does not take now is dropped, with a record. */
  endDefinition(topic: string): void {
    this.definitions.end(topic);
  }

  private async inLine<T>(handler: HandlerSpec, { number }: Definition, work: () => Promise<T>): Promise<T> {
    // A new definition does not wait for what is left of the one before.
    const key = `${handlerKey(handler)}/${number}`;
    const line = this.lines.get(key) ?? { tail: Promise.resolve(), length: 0 };
    this.lines.set(key, line);
    line.length++;
    const turn = line.tail.then(work);
    line.tail = turn.then(
      () => undefined,
      () => undefined,
    );
    try {
      return await turn;
    } finally {
      if (--line.length === 0) this.lines.delete(key);
    }
  }

  private async notDealtWith(
    handler: HandlerSpec,
    events: readonly RenderedEvent[],
  ): Promise<readonly RenderedEvent[]> {
    const done = await this.store.dealtWith(
      handlerKey(handler),
      events.map(({ eventId }) => eventId),
    );
    return events.filter(({ eventId }) => !done.has(eventId));
  }

  /** Sends until every event has its outcome. Returns how many have none because this process stops, or `signal` says so. */
  async send(
    handler: HandlerSpec,
    events: readonly RenderedEvent[],
    { attempts, signal: given, definition }: SendOptions = { attempts: this.attempts },
  ): Promise<number> {
    const { signal: stopping } = this.stopping;
    const signal = given === undefined ? stopping : AbortSignal.any([stopping, given]);
    const key = handlerKey(handler);
    const gone = definition?.gone.signal;
    const halted = gone === undefined ? signal : AbortSignal.any([signal, gone]);
    let open = events;
    for (let attempt = 1; open.length > 0; attempt++) {
      // It may take some, but is not waited for any more.
      if (gone?.aborted === true && (attempt > 1 || definition?.failing.has(key) === true)) {
        await this.drop(key, handler, open, attempt - 1);
        return 0;
      }
      const outcomes = await this.attempt(handler, open, signal);
      const isOpen = (outcome: Outcome | undefined) =>
        outcome?.kind === 'failed' && outcome.error.retry === 'later' && (attempt < attempts || signal.aborted);
      const firstOpen = outcomes.findIndex(isOpen);
      const settled = outcomes.filter((outcome) => !isOpen(outcome));
      const noted = open.filter((_, i) => !isOpen(outcomes[i]));
      await this.note(key, handler, noted, settled, attempt);
      if (firstOpen < 0) {
        definition?.failing.delete(key);
        return 0;
      }
      definition?.failing.add(key);
      open = open.filter((_, i) => isOpen(outcomes[i]));
      if (signal.aborted) return open.length;
      await this.pause(
        Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), LONGEST_RETRY_MS) * (0.75 + Math.random() / 2),
        halted,
      );
      if (signal.aborted) return open.length;
    }
    return 0;
  }

  private async drop(
    key: string,
    handler: HandlerSpec,
    events: readonly RenderedEvent[],
    attempts: number,
  ): Promise<void> {
    const { topic, id, kind } = handler;
    this.log.warn({ handler: id, kind, topic, events: events.length }, 'events were dropped: their handler is gone');
    await this.store.note(
      key,
      events.map(({ eventId }) => ({ eventId, outcome: 'dropped', error: 'the handler is gone', attempts })),
    );
  }

  private async attempt(
    handler: HandlerSpec,
    events: readonly RenderedEvent[],
    signal: AbortSignal,
  ): Promise<readonly Outcome[]> {
    try {
      return await this.senderOf(handler).send(events, signal);
    } catch (error) {
      return events.map(() => failed(error));
    }
  }

  private senderOf(spec: HandlerSpec): Sender {
    const key = JSON.stringify([spec.kind, spec.options]);
    let sender = this.senders.get(key);
    if (sender === undefined) {
      const handler = this.handlerOf(spec.kind);
      if (handler === undefined) throw new DeliveryError(`unsupported action kind "${spec.kind}"`, 'never');
      sender = handler.createSender(spec.options, this.services);
      if (this.senders.size >= SENDERS_KEPT) this.senders.clear();
      this.senders.set(key, sender);
    }
    return sender;
  }

  private async note(
    key: string,
    handler: HandlerSpec,
    events: readonly RenderedEvent[],
    outcomes: readonly Outcome[],
    attempts: number,
  ): Promise<void> {
    for (const [i, event] of events.entries()) {
      const outcome = outcomes[i] ?? delivered;
      if (outcome.kind === 'failed') {
        this.log.error(
          {
            handler: handler.id,
            kind: handler.kind,
            topic: handler.topic,
            event: event.id,
            err: outcome.error.message,
            ...outcome.error.fields,
          },
          'failed to deliver event',
        );
      }
    }
    await this.store.note(
      key,
      events.map(({ eventId }, i) => {
        const outcome = outcomes[i] ?? delivered;
        return {
          eventId,
          outcome: outcome.kind,
          error: outcome.kind === 'failed' ? outcome.error.message : '',
          attempts,
        };
      }),
    );
  }

  private pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done, { once: true });
      function done(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
    });
  }

  /** What is being sent is broken off and goes on in another process. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all([...this.workers.values()].map((worker) => worker.close()));
  }
}
