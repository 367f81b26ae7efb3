import { describe, expect, it } from 'vitest';
import type { HandlerSpec, Route, TopicHandler } from './handler-spec';
import type { Match } from './match';
import { chunkDelivery, mergePlans, planDeliveries } from './routing';
import { TopicStates } from './topic-states';
import { anEvent } from './testing/events';

const spec = (topic: string, id: string): HandlerSpec => ({ topic, id, kind: 'post', options: {}, match: '' });
const handler = (
  topic: string,
  id: string,
  more: { route?: Route; match?: Match; problem?: string } = {},
): TopicHandler => ({
  spec: spec(topic, id),
  match: undefined,
  ...more,
});
const publish = (topic: string, ...topics: string[]) =>
  handler(topic, `to-${topics.join('-')}`, { route: { kind: 'publish', topics } });

function route(handlers: readonly TopicHandler[], ...events: ReturnType<typeof anEvent>[]) {
  const states = new TopicStates();
  const plan = planDeliveries(events, (topic) => handlers.filter((one) => one.spec.topic === topic), states);
  return { plan, states };
}

describe('routing', () => {
  it('gives a handler the events of its topic in order, with the level that the topic held before', () => {
    const { plan, states } = route(
      [handler('t', 'h'), handler('other', 'x')],
      anEvent({ eventId: 'e1', level: 'CRITICAL' }),
      anEvent({ eventId: 'e2', level: 'OK' }),
      anEvent({ eventId: 'e3', id: 'j', level: 'INFO' }),
    );
    expect(plan.deliveries).toHaveLength(1);
    expect(plan.deliveries[0]!.handler.id).toBe('h');
    expect(plan.deliveries[0]!.events.map(({ eventId, previousLevel }) => [eventId, previousLevel])).toEqual([
      ['e1', 'OK'],
      ['e2', 'CRITICAL'],
      ['e3', 'OK'],
    ]);
    expect(states.collected('t')).toBe(3);
    expect(states.level('t')).toBe('INFO');
    expect(states.events('t').map(([id, { level }]) => [id, level])).toEqual([
      ['i', 'OK'],
      ['j', 'INFO'],
    ]);
  });

  it('asks the match of a handler and reports where it cannot be evaluated', () => {
    const { plan } = route(
      [
        handler('t', 'critical', { match: (event) => event.level === 'CRITICAL' }),
        handler('t', 'broken', { match: () => ({ error: 'undefined function' }) }),
      ],
      anEvent({ eventId: 'e1' }),
      anEvent({ eventId: 'e2', level: 'OK' }),
    );
    expect(plan.deliveries.map(({ handler: { id }, events }) => [id, events.length])).toEqual([['critical', 1]]);
    expect(plan.problems).toEqual([
      { topic: 't', handler: 'broken', eventId: 'e1', message: 'undefined function' },
      { topic: 't', handler: 'broken', eventId: 'e2', message: 'undefined function' },
    ]);
  });

  it('passes events on to other topics, which keep a state of their own', () => {
    const { plan, states } = route([publish('t', 'u'), handler('u', 'h')], anEvent({ eventId: 'e1' }));
    expect(plan.deliveries[0]!.events[0]).toMatchObject({ topic: 'u', eventId: 'e1/publish/u', previousLevel: 'OK' });
    expect(plan.collected.map(({ event }) => event.topic)).toEqual(['t', 'u']);
    expect([states.collected('t'), states.collected('u')]).toEqual([1, 1]);
  });

  it('ends where topics publish to each other', () => {
    const { plan } = route([publish('t', 'u'), publish('u', 't'), handler('t', 'h')], anEvent({ eventId: 'e1' }));
    expect(plan.collected.map(({ event }) => event.topic)).toEqual(['t', 'u']);
    expect(plan.deliveries).toHaveLength(1);
    expect(plan.problems.map(({ message }) => message)).toEqual(['publish loop: t -> u -> t']);
  });

  it('bounds how far one event spreads', () => {
    const layers = 12;
    const handlers = Array.from({ length: layers }, (_, i) => [
      publish(i === 0 ? 't' : `a${i}`, `a${i + 1}`, `b${i + 1}`),
      publish(`b${i}`, `a${i + 1}`, `b${i + 1}`),
    ]).flat();
    const { plan } = route(handlers, anEvent({}));
    expect(plan.collected.length).toBeLessThanOrEqual(1000);
    expect(plan.problems[0]!.message).toBe('an event may be published to at most 1000 topics');
  });

  it('hands events for an aggregate to its bucket', () => {
    const options = { id: 'all', interval: 1n, topic: 'u', message: '' };
    const { plan } = route([handler('t', 'a', { route: { kind: 'aggregate', options } })], anEvent({}), anEvent({}));
    expect(plan.deliveries).toEqual([]);
    expect(plan.aggregated.map(({ handler: { id }, events }) => [id, events.length])).toEqual([['a', 2]]);
  });

  it('says so where a handler cannot deliver', () => {
    const { plan } = route([handler('t', 'h', { problem: 'not in this version' })], anEvent({ eventId: 'e1' }));
    expect(plan.deliveries).toEqual([]);
    expect(plan.problems).toEqual([{ topic: 't', handler: 'h', eventId: 'e1', message: 'not in this version' }]);
  });

  it('collects an event also where nobody listens', () => {
    const { plan, states } = route([], anEvent({ level: 'WARNING' }));
    expect(plan.deliveries).toEqual([]);
    expect(states.level('t')).toBe('WARNING');
  });

  it('cuts deliveries into chunks without changing the order', () => {
    const events = Array.from({ length: 5 }, (_, i) => anEvent({ eventId: `e${i}` }));
    const chunks = chunkDelivery({ handler: spec('t', 'h'), events }, 2);
    expect(chunks.map((chunk) => chunk.events.map(({ eventId }) => eventId))).toEqual([
      ['e0', 'e1'],
      ['e2', 'e3'],
      ['e4'],
    ]);
  });
});

describe('topic states', () => {
  it('forget ids that are OK before they fill the memory', () => {
    const states = new TopicStates(2);
    const state = { message: '', details: '', time: 0n, duration: 0n };
    states.collect('t', 'a', { ...state, level: 'OK' });
    states.collect('t', 'b', { ...state, level: 'CRITICAL' });
    states.collect('t', 'c', { ...state, level: 'OK' });
    expect(states.events('t').map(([id]) => id)).toEqual(['b', 'c']);
    expect(states.collected('t')).toBe(3);
  });
});

describe('plans of single events', () => {
  it('merge into the plan of them all', () => {
    const handlers = [handler('t', 'h'), publish('t', 'u'), handler('u', 'k')];
    const handlersOf = (topic: string) => handlers.filter((one) => one.spec.topic === topic);
    const events = (['WARNING', 'CRITICAL', 'OK'] as const).map((level, i) => anEvent({ eventId: `e${i}`, level }));
    const together = planDeliveries(events, handlersOf, new TopicStates());
    const states = new TopicStates();
    expect(mergePlans(events.map((event) => planDeliveries([event], handlersOf, states)))).toEqual(together);
  });
});
