import { DeliveryError, type Outcome } from './delivery';
import type { RenderedEvent } from './event';
import type { Delivery } from './routing';

/** What is left of a delivery after an attempt. */
export interface Settlement {
  readonly delivered: readonly RenderedEvent[];
  /** Given up: for the log, the metric and the list of failed deliveries. */
  readonly failed: readonly { readonly event: RenderedEvent; readonly error: DeliveryError }[];
  /** What is to be tried again, in order. */
  readonly retry: Delivery | undefined;
  /** Why, the first of the reasons. */
  readonly reason: DeliveryError | undefined;
}

/** Sorts the events of a delivery by their outcome. On the last attempt nothing is tried again. */
export function settle(delivery: Delivery, outcomes: readonly Outcome[], lastAttempt: boolean): Settlement {
  const delivered: RenderedEvent[] = [];
  const failed: { event: RenderedEvent; error: DeliveryError }[] = [];
  const again: RenderedEvent[] = [];
  let reason: DeliveryError | undefined;
  delivery.events.forEach((event, i) => {
    const outcome = outcomes[i] ?? noOutcome;
    if (outcome.kind === 'delivered') delivered.push(event);
    else if (outcome.error.retry === 'never' || lastAttempt) failed.push({ event, error: outcome.error });
    else {
      again.push(event);
      reason ??= outcome.error;
    }
  });
  return { delivered, failed, retry: again.length === 0 ? undefined : { ...delivery, events: again }, reason };
}

const noOutcome: Outcome = {
  kind: 'failed',
  error: new DeliveryError('the handler said nothing of the event', 'later'),
};
