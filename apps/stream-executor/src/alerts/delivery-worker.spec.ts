import { type AlertHandler, DeliveryError, delivered, failed, type HandlerSpec } from '@supercap/alerting';
import { anEvent } from '@supercap/alerting/testing';
import { alertHandler } from '@supercap/alert-handlers';
import type { Logger } from '@supercap/telemetry';
import type { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { DeliveryWorker } from './delivery-worker';

const event = (eventId: string) => anEvent({ eventId, topic: 'main:task:alert2' });
const to = (url: string): HandlerSpec => ({
  topic: 'main:task:alert2',
  id: '0',
  kind: 'post',
  options: { url },
  match: '',
});

function start() {
  const sent: string[] = [];
  const notes: string[] = [];
  const post = alertHandler('post');
  if (post === undefined) throw new Error('no handler');
  const handler: AlertHandler = {
    ...post,
    createSender: ({ url }) => ({
      send: async (events) => {
        sent.push(...events.map(({ eventId }) => `${String(url)} ${eventId}`));
        const away = failed(new DeliveryError('away', 'later', {}, 'receiver'));
        return events.map(() => (url === 'dead' ? away : delivered));
      },
    }),
  };
  const worker = new DeliveryWorker(
    {} as Redis,
    {
      dealtWith: async () => new Set(),
      note: async (_, outcomes) => void notes.push(...outcomes.map(({ eventId, outcome }) => `${eventId} ${outcome}`)),
    },
    () => handler,
    {} as never,
    10,
    { error: () => undefined, warn: () => undefined } as unknown as Logger,
  );
  return { worker, sent, notes };
}

describe('a definition of handlers that ends', () => {
  it('drops what its receiver does not take, with a record, and is not waited for by the next', async () => {
    const { worker, sent, notes } = start();
    const first = worker.deliverHere('1', { handler: to('dead'), events: [event('a')] }, false);
    const second = worker.deliverHere('2', { handler: to('dead'), events: [event('b')] }, false);
    await expect.poll(() => sent).toEqual(['dead a']);
    await new Promise((resolve) => setTimeout(resolve, 20));
    worker.endDefinition('main:task:alert2');
    expect(await worker.deliverHere('3', { handler: to('live'), events: [event('c')] }, false)).toBe(true);
    expect(await Promise.all([first, second])).toEqual([true, true]);
    expect(sent).toEqual(['dead a', 'live c']);
    expect(notes.sort()).toEqual(['a dropped', 'b dropped', 'c delivered']);
  }, 2000);

  it('still gives what waits to a receiver that takes it', async () => {
    const { worker, notes } = start();
    const waiting = ['a', 'b'].map((id) => worker.deliverHere(id, { handler: to('live'), events: [event(id)] }, false));
    worker.endDefinition('main:task:alert2');
    await Promise.all(waiting);
    expect(notes).toEqual(['a delivered', 'b delivered']);
  });
});
