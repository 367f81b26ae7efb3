import { delivered, DeliveryError, failed, type Outcome } from './delivery';
import type { RenderedEvent } from './event';
import type { Sender } from './handler';

/** A sender that delivers one event after the other; while the receiver is away, the rest waits for the next try. */
export function sendEach(deliver: (event: RenderedEvent, signal: AbortSignal) => Promise<void>): Sender {
  return {
    async send(events, signal) {
      const outcomes: Outcome[] = [];
      let blocked: Outcome | undefined;
      for (const event of events) {
        if (blocked === undefined && signal.aborted)
          blocked = failed(new DeliveryError('delivery was stopped', 'later'));
        if (blocked !== undefined) {
          outcomes.push(blocked);
          continue;
        }
        try {
          await deliver(event, signal);
          outcomes.push(delivered);
        } catch (error) {
          const outcome = failed(error);
          outcomes.push(outcome);
          if (outcome.kind === 'failed' && outcome.error.concerns === 'receiver') blocked = outcome;
        }
      }
      return outcomes;
    },
  };
}
