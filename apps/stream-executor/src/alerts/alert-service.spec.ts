import { alertHandler } from '@supercap/alert-handlers';
import type { Delivery } from '@supercap/alerting';
import type { AlertEvent, AlertLevel } from '@supercap/pipeline';
import {
  eventKey,
  type CollectedEvent,
  type StoredEvents,
  type StoredHandler,
  type StoredState,
} from '@supercap/storage';
import type { Logger } from '@supercap/telemetry';
import { afterEach, describe, expect, it } from 'vitest';
import { parsePoints } from '@supercap/line-protocol';
import { AlertService, type AlertEvents } from './alert-service';

const [point] = parsePoints('m v=1 1', 's');
if (point === undefined) throw new Error('no point');

const event = (id: string, level: AlertLevel, time: bigint): AlertEvent => ({
  id,
  message: `${id} is ${level}`,
  details: '',
  time,
  duration: 0n,
  level,
  recoverable: true,
  name: 'm',
  taskName: 'task',
  group: 'nil',
  tags: {},
  fields: {},
  data: point,
});

/** The tables of events and states, which survive an executor. */
class FakeEvents implements AlertEvents {
  readonly rows = new Map<string, CollectedEvent>();
  readonly list: StoredHandler[] = [];

  async collect(events: readonly CollectedEvent[]): Promise<StoredEvents> {
    const fresh = new Set<string>();
    const previousLevels = new Map<string, number>();
    for (const one of events) {
      const key = eventKey(one.eventId, one.topic);
      const row = this.rows.get(key);
      if (row !== undefined) previousLevels.set(key, row.previousLevel);
      else {
        this.rows.set(key, one);
        fresh.add(key);
      }
    }
    return { owned: new Set(['task']), fresh, previousLevels };
  }

  async handlers(): Promise<StoredHandler[]> {
    return this.list;
  }

  async setState(): Promise<void> {
    await Promise.resolve();
  }

  async states(): Promise<StoredState[]> {
    return [...this.rows.values()].map((row) => ({ ...row }));
  }

  async statesAt(): Promise<StoredState[]> {
    return [];
  }
}

const quiet = { error: () => undefined, warn: () => undefined } as unknown as Logger;
const source = { taskId: 'task', epoch: 1n };
const services: AlertService[] = [];
afterEach(() => services.splice(0).forEach((service) => service.close()));

async function start(store: FakeEvents) {
  const taken: { readonly delivery: Delivery; readonly recheck: boolean }[] = [];
  const aggregated: Delivery[] = [];
  const service = new AlertService(
    store,
    alertHandler,
    { hasEndpoint: () => false },
    async (deliveries) => void aggregated.push(...deliveries),
    {
      take: (deliveries, recheck) => void taken.push(...deliveries.map((delivery) => ({ delivery, recheck }))),
      safe: async () => undefined,
    },
    quiet,
  );
  services.push(service);
  await service.loadHandlers();
  const told = () =>
    taken.flatMap(({ delivery, recheck }) =>
      delivery.events.map((one) => `${delivery.handler.id} ${one.id} ${one.previousLevel}>${one.level} ${recheck}`),
    );
  return { service, told, aggregated };
}

const post = (id: string, match = ''): StoredHandler => ({
  topic: 't',
  id,
  kind: 'post',
  options: { url: 'http://localhost/' },
  match,
});

describe('an event', () => {
  it('is known to its topic as soon as it is published', async () => {
    const { service } = await start(new FakeEvents());
    service.publish(source, 'task/1/1-0/alert2/0', ['t'], event('i', 'WARNING', 1n));
    expect(service.states.get('t', 'i')?.level).toBe('WARNING');
    await service.flushed();
  });

  it('keeps the level before that it was created with when it is made again', async () => {
    const store = new FakeEvents();
    store.list.push(post('all'), post('changes', 'changed() == TRUE'));
    const first = await start(store);
    first.service.publish(source, 'task/1/1-0/alert2/0', ['t'], event('i', 'CRITICAL', 1n));
    await first.service.flushed();
    expect(first.told()).toEqual(['all i OK>CRITICAL false', 'changes i OK>CRITICAL false']);

    const second = await start(store);
    await second.service.loadStates({ taskId: 'task', generation: 1, offset: '0-0' }, ['t'], 'main:task:');
    expect(second.service.states.get('t', 'i')?.level).toBe('CRITICAL');
    second.service.publish(source, 'task/1/1-0/alert2/0', ['t'], event('i', 'CRITICAL', 1n));
    await second.service.flushed();
    expect(second.told()).toEqual(['all i OK>CRITICAL true', 'changes i OK>CRITICAL true']);
  });

  it('reaches the topics that it was published to the first time', async () => {
    const store = new FakeEvents();
    store.list.push(
      { topic: 't', id: 'on', kind: 'publish', options: { topics: ['u'] }, match: 'changed() == TRUE' },
      { ...post('end'), topic: 'u' },
    );
    const first = await start(store);
    first.service.publish(source, 'task/1/1-0/alert2/0', ['t'], event('i', 'CRITICAL', 1n));
    await first.service.flushed();

    const second = await start(store);
    await second.service.loadStates({ taskId: 'task', generation: 1, offset: '0-0' }, ['t', 'u'], 'main:task:');
    second.service.publish(source, 'task/1/1-0/alert2/0', ['t'], event('i', 'CRITICAL', 1n));
    await second.service.flushed();
    expect(second.told()).toEqual(['end i OK>CRITICAL true']);
  });

  it('reaches an aggregate handler again, which knows what it has', async () => {
    const store = new FakeEvents();
    const options = { id: 'sum', interval: 1_000_000_000, topic: 'u' };
    store.list.push({ topic: 't', id: 'sum', kind: 'aggregate', options, match: '' });
    const { service, aggregated } = await start(store);
    for (let i = 0; i < 2; i++) {
      service.publish(source, 'task/1/1-0/alert2/0', ['t'], event('i', 'CRITICAL', 1n));
      await service.flushed();
    }
    expect(aggregated.flatMap(({ events }) => events.map(({ eventId }) => eventId))).toEqual([
      'task/1/1-0/alert2/0',
      'task/1/1-0/alert2/0',
    ]);
  });
});
