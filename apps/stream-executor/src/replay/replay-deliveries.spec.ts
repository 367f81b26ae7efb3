import type { HandlerSpec } from '@supercap/alerting';
import { anEvent } from '@supercap/alerting/testing';
import { describe, expect, it } from 'vitest';
import { ReplayDeliveries } from './replay-deliveries';

const handler = (id: string): HandlerSpec => ({ topic: 't', id, kind: 'post', options: {}, match: '' });
const events = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => anEvent({ eventId: `replay/r/${from + i}` }));
const noFailure = (error: unknown) => expect.unreachable(String(error));

describe('deliveries of a replay', () => {
  it('keep the order of each handler, and let none wait for another', async () => {
    const sent: string[] = [];
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const deliveries = new ReplayDeliveries(async ({ id }, list) => {
      if (id === 'slow') await held;
      for (const { eventId } of list) sent.push(`${id} ${eventId}`);
    }, noFailure);
    deliveries.take([{ handler: handler('slow'), events: events(0, 1) }]);
    for (let i = 0; i < 300; i++) deliveries.take([{ handler: handler('fast'), events: events(i, 1) }]);
    await expect.poll(() => sent).toEqual(Array.from({ length: 300 }, (_, i) => `fast replay/r/${i}`));
    release();
    await deliveries.done();
    expect(sent.at(-1)).toBe('slow replay/r/0');
  });

  it('hold the replay back when too many wait', async () => {
    const deliveries = new ReplayDeliveries(async () => undefined, noFailure);
    deliveries.take([{ handler: handler('h'), events: events(0, 6000) }]);
    const ready = deliveries.ready();
    expect(ready).toBeDefined();
    await ready;
    expect(deliveries.ready()).toBeUndefined();
  });

  it('end with it', async () => {
    const given: number[] = [];
    const deliveries = new ReplayDeliveries(async (_, list, signal) => {
      given.push(list.length);
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    }, noFailure);
    deliveries.take([{ handler: handler('h'), events: events(0, 500) }]);
    await expect.poll(() => given).toEqual([200]);
    deliveries.close();
    await deliveries.done();
    expect(given).toEqual([200]);
  });
});
