import { describe, expect, it } from 'vitest';
import { delivered, DeliveryError, failed } from './delivery';
import { settle } from './settle';
import { anEvent } from './testing/events';

const delivery = {
  handler: { topic: 't', id: 'h', kind: 'post', options: {}, match: '' },
  events: ['e1', 'e2', 'e3', 'e4'].map((eventId) => anEvent({ eventId })),
};
const ids = (events: readonly { eventId: string }[]) => events.map(({ eventId }) => eventId);

describe('an attempt to deliver', () => {
  it('leaves what failed for now, in order, and gives up what failed for good', () => {
    const outcomes = [
      delivered,
      failed(new DeliveryError('busy', 'later')),
      failed(new DeliveryError('gone', 'never')),
      failed(new DeliveryError('away', 'later')),
    ];
    const { retry, ...rest } = settle(delivery, outcomes, false);
    expect(ids(rest.delivered)).toEqual(['e1']);
    expect(rest.failed.map(({ event, error }) => [event.eventId, error.message])).toEqual([['e3', 'gone']]);
    expect(ids(retry!.events)).toEqual(['e2', 'e4']);
    expect(rest.reason!.message).toBe('busy');
  });

  it('gives everything up when it was the last', () => {
    const { retry, failed: given } = settle(delivery, Array(4).fill(failed(new DeliveryError('busy', 'later'))), true);
    expect(retry).toBeUndefined();
    expect(given).toHaveLength(4);
  });

  it('tries again what the handler said nothing of, and never what it failed at by mistake', () => {
    expect(ids(settle(delivery, [delivered, delivered], false).retry!.events)).toEqual(['e3', 'e4']);
    expect(
      settle(delivery, [failed(new TypeError('oops')), delivered, delivered, delivered], false).failed,
    ).toHaveLength(1);
  });
});
