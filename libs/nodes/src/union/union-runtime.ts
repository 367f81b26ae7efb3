import { type Barrier, Batch, type DeleteGroup, type Message, Point, type Time } from '@supercap/data-model';
import type { NodeRuntime } from '@supercap/pipeline';
import { dropFront, type Fifo, fifoSize } from '../join/fifo';

/** Messages that a union holds back before the oldest are dropped, unless the engine says otherwise. */
const defaultLimit = 1_000_000;

type Timed = Point | Batch | Barrier;

/** What one parent sent and is not sent on yet. Plain data. */
interface Queue {
  /** Data and barriers; a deleted group stands behind what its parent sent before. */
  readonly messages: Fifo<Message>;
  /** The time of the head when it was last looked at. */
  mark: Time | undefined;
}

export interface UnionShared {
  readonly queues: readonly Queue[];
  held: number;
}

interface UnionOptions {
  readonly rename: string;
}

const isTimed = (message: Message | undefined): message is Timed => message !== undefined && 'time' in message;

const headOf = ({ messages: { items, start } }: Queue): Message | undefined => items[start];

export const unionRuntime: NodeRuntime<UnionOptions, UnionShared, undefined> = {
  kind: 'receiver',
  create(context) {
    const { out, options, report } = context;
    const { rename } = options;
    const limit = context.heldBackLimit ?? defaultLimit;
    const dropped = context.counter('dropped');

    const send = (message: Message): void => {
      if (rename === '') out.send(message);
      else if (message instanceof Point || message instanceof Batch) out.send(message.withName(rename));
      else out.send(message);
    };

    /** Sends what a queue has up to a time, and the deletions that follow it. */
    const release = (queue: Queue, mark: Time): number => {
      const { items, start } = queue.messages;
      let at = start;
      for (; at < items.length; at++) {
        const message = items[at]!;
        if (isTimed(message) && message.time > mark) break;
        send(message);
      }
      const done = at - start;
      if (done > 0) dropFront(queue.messages, done);
      context.shared.held -= done;
      return done;
    };

    /** Sends all that no parent can come before any more. */
    const advance = (): void => {
      const { queues } = context.shared;
      for (;;) {
        let low: Time | undefined;
        for (const queue of queues) {
          const head = headOf(queue);
          if (isTimed(head)) queue.mark = head.time;
          if (queue.mark === undefined) return;
          if (low === undefined || queue.mark < low) low = queue.mark;
        }
        if (low === undefined) return;
        let sent = 0;
        for (const queue of queues) sent += release(queue, low);
        if (sent === 0) return;
      }
    };

    /** A parent that stays silent must not make the others' queues grow for ever. */
    const relieve = (): void => {
      const { shared } = context;
      while (shared.held > limit) {
        const { messages } = shared.queues.reduce((a, b) => (fifoSize(b.messages) > fifoSize(a.messages) ? b : a));
        const surplus = shared.held - limit;
        dropFront(messages, surplus);
        shared.held -= surplus;
        dropped.add(surplus);
        report('union holds back too much', `more than ${limit} messages wait for other parents: dropped ${surplus}`);
      }
    };

    const receive = (message: Timed, parent: number): undefined => {
      const { shared } = context;
      shared.queues[parent]!.messages.items.push(message);
      shared.held++;
      advance();
      if (shared.held > limit) relieve();
      return undefined;
    };

    return {
      point: (point, _state, parent) => receive(point, parent),
      batch: (batch, _state, parent) => receive(batch, parent),
      barrier: (barrier, _state, parent) => receive(barrier, parent),
      deleteGroup(message: DeleteGroup, _state, parent) {
        const { messages } = context.shared.queues[parent]!;
        if (fifoSize(messages) === 0) return message;
        messages.items.push(message);
        context.shared.held++;
        return undefined;
      },
      finish() {
        const { queues } = context.shared;
        for (;;) {
          let low: Time | undefined;
          for (const queue of queues) {
            const head = headOf(queue);
            if (isTimed(head) && (low === undefined || head.time < low)) low = head.time;
          }
          if (low === undefined) break;
          for (const queue of queues) release(queue, low);
        }
      },
    };
  },
};
